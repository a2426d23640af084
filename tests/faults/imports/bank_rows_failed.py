"""A bank statement went in but for one line."""

from tests.faults import Fault
from tests.faults.imports._imports import BANK, add_import
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_import(site, "statement", doctype=BANK, status="Partial Success", done=5, failed=[3])


FAULT = Fault(
	title="A line of a bank statement failed",
	breaks=breaks,
	check="imports.partial",
	severity="warning",
	subjects=("statement",),
	runbook="retry-failed-rows",
)
