"""One leg of a payment stands under another kind of voucher: two vouchers of one number, each out of balance."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.payments import _books as books
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	books.add_ledger(site, "SAME-1", debit=100, credit=0)
	books.add_ledger(site, "SAME-1", debit=0, credit=100, voucher_type="Sales Invoice")


FAULT = Fault(
	title="One leg of a payment stands under another kind of voucher",
	breaks=breaks,
	check="payments.voucher_balance",
	severity="critical",
	count=2,
	subjects=("SAME-1",),
)
