"""A restore brought the database back, but not the files."""

from tests.faults import Fault
from tests.support.fill.logs import add_file
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number in range(3):
		url = add_file(
			site, f"scan {number}.pdf", "%PDF", "ToDo", f"t{number}", creation=site.days_ago(number)
		)
		site.update("File", {"file_url": url}, name=f"scan{number}")
		(site.path / "private" / "files" / f"scan {number}.pdf").unlink()
	site.insert("File", name="outside", file_name="x", file_url="https://files.example.org/files/x.pdf")


FAULT = Fault(
	title="Attached files are not on disk",
	breaks=breaks,
	check="storage.missing",
	severity="warning",
	count=3,
	subjects=(
		"scan0",
		"scan1",
		"scan2",
	),
)
