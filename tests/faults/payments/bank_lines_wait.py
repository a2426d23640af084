"""Nobody matched the bank lines of the last weeks."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.payments import _books as books
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	books.add_bank_line(site, "BTN-old-1", age=30)
	books.add_bank_line(site, "BTN-old-2", age=20, amount=40, unallocated_amount=15, allocated_amount=25)
	site.insert(
		"Bank Transaction Payments",
		parent="BTN-old-2",
		payment_document="Journal Entry",
		payment_entry="ACC-JV-1",
		allocated_amount=25,
	)
	books.add_bank_line(site, "BTN-new", age=13)
	books.add_bank_line(site, "BTN-draft", age=30, docstatus=0)


FAULT = Fault(
	title="Nobody matched the bank lines of the last weeks",
	breaks=breaks,
	check="payments.bank_unmatched",
	severity="warning",
	count=2,
	subjects=("BTN-old-1", "BTN-old-2"),
)
