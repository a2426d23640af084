"""The lines of a payment were lost."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.payments import _books as books
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.delete("Payment Entry Reference", {"parent": books.payment_name(site, 1)})
	site.update("Payment Entry Reference", {"parent": books.payment_name(site, 2)}, allocated_amount=10)
	site.update("Payment Entry Reference", {"parent": books.payment_name(site, 3)}, allocated_amount=25.01)


FAULT = Fault(
	title="The lines of a payment were lost",
	breaks=breaks,
	check="payments.allocation_sums",
	severity="warning",
	count=2,
)
