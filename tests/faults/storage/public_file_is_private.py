"""A picture for the website was taken out of the private files by a script."""

from tests.faults import Fault
from tests.support.fill.logs import add_file
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	url = add_file(site, "logo.png", "png", "ToDo", "t1")
	site.update("File", {"file_url": url}, name="logo", is_private=0)


FAULT = Fault(
	title="A public file lies among the private ones",
	breaks=breaks,
	check="storage.wrong_side",
	severity="info",
	subjects=("logo",),
	runbook="make-private-files-private",
)
