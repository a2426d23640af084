"""A member paid by bank transfer after the batch was made."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Sales Invoice", sepa.open_invoice(site, 0), outstanding_amount=0, status="Paid")
	site.update("Sales Invoice", sepa.open_invoice(site, 1), outstanding_amount=10, status="Partly Paid")


FAULT = Fault(
	title="A batch collects what has been paid",
	breaks=breaks,
	check="sepa.line_settled",
	severity="critical",
	count=2,
	runbook="split-direct-debit-batch",
)
