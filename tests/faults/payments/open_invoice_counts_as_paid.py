"""An invoice counts as paid and is not."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.payments import _books as books
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Sales Invoice", books.invoice_name(site, 3), outstanding_amount=12.5)


FAULT = Fault(
	title="An invoice counts as paid and is not",
	breaks=breaks,
	check="payments.invoice_status",
	severity="warning",
	count=1,
)
