"""A customer paid, and the invoice was never told."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.payments import _books as books
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	books.add_payment(site, "PAY-advance", 0, age=30, unallocated_amount=books.FEE)
	books.add_payment(site, "PAY-young", 1, age=5, unallocated_amount=books.FEE)
	site.update(
		"Sales Invoice", {"customer": books.CUSTOMERS[2].full_name}, outstanding_amount=0, status="Paid"
	)
	books.add_payment(site, "PAY-nothing-owed", 2, age=30, unallocated_amount=books.FEE)


FAULT = Fault(
	title="A customer paid, and the invoice was never told",
	breaks=breaks,
	check="payments.payments_unallocated",
	severity="warning",
	subjects=("PAY-advance",),
	also=("sepa.line_settled",),
)
