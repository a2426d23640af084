"""Every row of an import failed; another one ended well."""

from tests.faults import Fault
from tests.faults.imports._imports import add_import
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_import(site, "contacts", status="Error", total=3, failed=[2, 3, 4])
	add_import(site, "fine", status="Success", total=3, done=3)


FAULT = Fault(
	title="Every row of an import failed",
	breaks=breaks,
	check="imports.failed",
	severity="warning",
	subjects=("contacts",),
	runbook="retry-failed-rows",
)
