"""An error between two rows ended an import: rows that failed before will be skipped."""

from tests.faults import Fault
from tests.faults.imports._imports import add_import
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_import(site, "contacts", status="Error", total=10, done=4, failed=[5])


FAULT = Fault(
	title="An error ended an import in its middle",
	breaks=breaks,
	check="imports.interrupted",
	severity="warning",
	subjects=("contacts",),
	runbook="resume-import",
)
