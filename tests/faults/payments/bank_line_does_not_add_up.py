"""A program set the open amount of a bank line to zero."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.payments import _books as books
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	books.add_bank_line(site, "BTN-lost", age=3, unallocated_amount=0)


FAULT = Fault(
	title="A program set the open amount of a bank line to zero",
	breaks=breaks,
	check="payments.bank_line_sums",
	severity="warning",
	subjects=("BTN-lost",),
	runbook="compute-bank-lines-anew",
)
