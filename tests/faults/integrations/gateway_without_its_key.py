"""A gateway was set up without its key."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import add_gateway
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_gateway(site, "Stripe", stored=("webhooks_secret",))


FAULT = Fault(
	title="A gateway was set up without its key",
	breaks=breaks,
	check="integrations.gateways",
	severity="warning",
	count=1,
	subjects=("Stripe",),
)
