"""One customer's card was refused."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import request
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	request(site, "Mollie", "Failed", 1)
	request(site, "Stripe", "Queued", 9)


FAULT = Fault(
	title="One customer's card was refused",
	breaks=breaks,
	check="integrations.requests",
	severity="info",
	count=1,
	subjects=("Mollie-Failed-0",),
)
