"""An invoice was credited and paid."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.payments import _books as books
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Sales Invoice", books.invoice_name(site, 1), outstanding_amount=-books.FEE)


FAULT = Fault(
	title="An invoice was credited and paid",
	breaks=breaks,
	check="payments.overpaid",
	severity="warning",
	count=1,
)
