"""A bank statement was read in twice."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.payments import _books as books
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for name, age in (("PAY-first", 9), ("PAY-second", 8), ("PAY-third", 4)):
		books.add_payment(site, name, 0, age=age, reference_no="TRX-77")
	books.add_payment(site, "PAY-draft", 0, age=8, reference_no="TRX-77", docstatus=0)
	books.add_payment(site, "PAY-cancelled", 0, age=8, reference_no="TRX-77", docstatus=2)
	books.add_payment(site, "PAY-other-amount", 0, age=8, amount=30, reference_no="TRX-77")


FAULT = Fault(
	title="A bank statement was read in twice",
	breaks=breaks,
	check="payments.duplicates",
	severity="warning",
	count=2,
	subjects=("PAY-second", "PAY-third"),
)
