"""Gateways were left in test mode."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import add_gateway
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_gateway(site, "GoCardless-Club", controller="Club", sandbox=True)
	add_gateway(site, "Stripe", sandbox=True)


FAULT = Fault(
	title="Gateways were left in test mode",
	breaks=breaks,
	check="integrations.gateways",
	severity="info",
	count=2,
	subjects=("GoCardless-Club", "Stripe"),
)
