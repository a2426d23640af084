"""The timer runs `bench backup` without --with-files."""

from tests.faults import Fault
from tests.faults.backups._files import part
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for hours in (2, 8, 14):
		for name in ("files.tar", "private-files.tar"):
			part(site, hours, name).unlink()


FAULT = Fault(
	title="Uploaded files are in no backup",
	breaks=breaks,
	check="backups.uploads",
	severity="warning",
	subjects=(
		"public/files",
		"private/files",
	),
)
