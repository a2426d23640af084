"""The server was restarted while a bank statement was imported."""

from tests.faults import Fault
from tests.faults.imports._imports import BANK, add_import
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_import(site, "statement", doctype=BANK, status="Partial Success", done=4)


FAULT = Fault(
	title="A restart interrupted a bank statement import",
	breaks=breaks,
	check="imports.interrupted",
	severity="warning",
	subjects=("statement",),
	runbook="resume-import",
)
