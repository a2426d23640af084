"""Two authorised payments were not completed."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import request
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	request(site, "Razorpay", "Authorized", 2, hours=1.1)
	request(site, "Fresh", "Authorized", 1, hours=0.9)


FAULT = Fault(
	title="Two authorised payments were not completed",
	breaks=breaks,
	check="integrations.uncaptured",
	severity="warning",
	count=2,
	subjects=("Razorpay-Authorized-0", "Razorpay-Authorized-1"),
)
