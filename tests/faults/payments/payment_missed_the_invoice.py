"""A payment is in the ledger and the invoice does not know."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.payments import _books as books
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	late = books.open_invoice(site, 0)
	books.add_owed(site, late, books.FEE)
	books.add_owed(site, late, -books.FEE, "PAY-x")
	right = books.open_invoice(site, 1)
	books.add_owed(site, right, books.FEE)
	books.add_owed(site, right, -books.FEE, "PAY-y", delinked=1)


FAULT = Fault(
	title="A payment is in the ledger and the invoice does not know",
	breaks=breaks,
	check="payments.invoice_ledger",
	severity="warning",
	count=1,
	runbook="compute-invoices-anew",
)
