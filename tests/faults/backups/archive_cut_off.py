"""The backup of the private files was killed."""

from tests.faults import Fault
from tests.faults.backups._files import part, replace
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	header = part(site, 14, "files.tar").read_bytes()[:512]
	replace(site, 14, "files.tar", header + b"x" * 2000)
	replace(site, 14, "private-files.tar", b"x" * 2000)


FAULT = Fault(
	title="Archives of files are cut off",
	breaks=breaks,
	check="backups.sound",
	severity="warning",
	count=2,
)
