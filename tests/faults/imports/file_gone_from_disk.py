"""The file of a failed import was deleted from disk: it cannot be tried again."""

from tests.faults import Fault
from tests.faults.imports._imports import add_import
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_import(site, "contacts", status="Error", total=1, failed=[2])
	(site.path / "private" / "files" / "contacts-import.csv").unlink()


FAULT = Fault(
	title="An import's file is gone from disk",
	breaks=breaks,
	check="imports.missing_file",
	severity="warning",
	subjects=("contacts",),
	also=("imports.failed",),
)
