"""One payment was matched with two bank lines."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.payments import _books as books
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	books.add_bank_line(site, "BTN-twin", age=2, allocated_amount=books.FEE, unallocated_amount=0)
	site.insert(
		"Bank Transaction Payments",
		parent="BTN-twin",
		payment_document="Payment Entry",
		payment_entry=books.payment_name(site, 1),
		allocated_amount=books.FEE,
		docstatus=1,
	)


FAULT = Fault(
	title="One payment was matched with two bank lines",
	breaks=breaks,
	check="payments.matched_twice",
	severity="warning",
	count=1,
)
