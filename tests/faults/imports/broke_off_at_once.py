"""Two imports broke off before their first row, one of them of bank statements."""

from tests.faults import Fault
from tests.faults.imports._imports import BANK, add_import
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_import(site, "contacts", status="Error", total=3)
	add_import(site, "statement", doctype=BANK, status="Error")
	add_import(site, "long_ago", status="Error", total=3, hours=24 * 8)


FAULT = Fault(
	title="Imports broke off before their first row",
	breaks=breaks,
	check="imports.failed",
	severity="warning",
	count=2,
	subjects=("contacts", "statement"),
	runbook="retry-failed-rows",
)
