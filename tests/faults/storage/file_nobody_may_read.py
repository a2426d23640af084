"""A file was unpacked with rights that deny it to everybody."""

from tests.faults import Fault
from tests.support.fill.logs import add_file
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_file(site, "contract.pdf", "%PDF", "ToDo", "t1")
	(site.path / "private" / "files" / "contract.pdf").chmod(0)


FAULT = Fault(
	title="An attached file cannot be read",
	breaks=breaks,
	check="storage.owners",
	severity="warning",
	subjects=("private/files/contract.pdf",),
	runbook="open-files-to-their-owner",
)
