"""A job was killed in the middle of booking."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.payments import _books as books
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	books.add_ledger(site, "PAY-half", debit=100, credit=40)
	books.add_ledger(site, "PAY-whole", debit=100, credit=100)
	books.add_ledger(site, "PAY-rounded", debit=100, credit=100.04)
	books.add_ledger(site, "PAY-cancelled", debit=100, credit=0, is_cancelled=1)


FAULT = Fault(
	title="A job was killed in the middle of booking",
	breaks=breaks,
	check="payments.voucher_balance",
	severity="critical",
	subjects=("PAY-half",),
)
