"""The File document of an import was deleted; the file itself lies there."""

from tests.faults import Fault
from tests.faults.imports._imports import add_import
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_import(site, "contacts", total=1, hours=0.5)
	site.delete("File", {"attached_to_name": "contacts"})


FAULT = Fault(
	title="An import's File document is gone",
	breaks=breaks,
	check="imports.missing_file",
	severity="warning",
	subjects=("contacts",),
	runbook="give-imports-their-file-back",
)
