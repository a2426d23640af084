"""A match of a bank line was deleted past the form."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.payments import _books as books
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.delete("Bank Transaction Payments", {"payment_entry": books.payment_name(site, 2)})


FAULT = Fault(
	title="A match of a bank line was deleted past the form",
	breaks=breaks,
	check="payments.bank_line_sums",
	severity="warning",
	count=1,
	runbook="compute-bank-lines-anew",
)
