"""Rights were set with a recursive command meant for files."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	(site.path / "public" / "files").chmod(0o444)


FAULT = Fault(
	title="A folder's owner may not write to it",
	breaks=breaks,
	check="storage.folders",
	severity="critical",
	subjects=("public/files",),
	runbook="open-files-to-their-owner",
)
