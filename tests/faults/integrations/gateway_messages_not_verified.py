"""A gateway's messages are not verified."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import add_gateway
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_gateway(site, "GoCardless-Well", controller="Well")
	add_gateway(site, "GoCardless-Club", controller="Club", stored=("access_token",))


FAULT = Fault(
	title="A gateway's messages are not verified",
	breaks=breaks,
	check="integrations.gateways",
	severity="warning",
	count=1,
	subjects=("GoCardless-Club",),
)
