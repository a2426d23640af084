"""The connection to the bank stopped bringing lines."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.payments import _books as books
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number in range(12):
		books.add_bank_line(
			site,
			f"BTN-{number}",
			age=12 + number,
			status="Reconciled",
			docstatus=0,
		)


FAULT = Fault(
	title="The connection to the bank stopped bringing lines",
	breaks=breaks,
	check="payments.bank_feed",
	severity="warning",
	count=1,
)
