"""An import went through, but two of its rows failed."""

from tests.faults import Fault
from tests.faults.imports._imports import add_import
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_import(site, "contacts", status="Partial Success", total=10, done=8, failed=[4, 7])


FAULT = Fault(
	title="Rows of an import failed",
	breaks=breaks,
	check="imports.partial",
	severity="warning",
	subjects=("contacts",),
	runbook="retry-failed-rows",
)
