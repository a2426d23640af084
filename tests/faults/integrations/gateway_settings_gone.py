"""The settings of a gateway were deleted."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import add_gateway
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_gateway(site, "GoCardless-Club", controller="Club")
	site.sql("DELETE FROM `tabGoCardless Settings`")


FAULT = Fault(
	title="The settings of a gateway were deleted",
	breaks=breaks,
	check="integrations.gateways",
	severity="warning",
	count=1,
	subjects=("GoCardless-Club",),
)
