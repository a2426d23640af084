"""A program wrote off invoices and left their status."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.payments import _books as books
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Sales Invoice", books.invoice_name(site, 1), status="Overdue")
	site.update("Sales Invoice", books.invoice_name(site, 2), status="Unpaid")


FAULT = Fault(
	title="A program wrote off invoices and left their status",
	breaks=breaks,
	check="payments.invoice_status",
	severity="warning",
	count=2,
)
