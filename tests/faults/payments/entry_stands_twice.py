"""A ledger entry stands twice."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.payments import _books as books
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	books.add_ledger(site, "PAY-double", debit=0, credit=25)
	books.add_ledger(site, "PAY-double", debit=25, credit=25)
	books.add_ledger(site, "PAY-old", debit=1, credit=2, age=40)


FAULT = Fault(
	title="A ledger entry stands twice",
	breaks=breaks,
	check="payments.voucher_balance",
	severity="critical",
	subjects=("PAY-double",),
)
