"""Most calls to the payment gateway fail."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.integrations._help import request
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	request(site, "GoCardless", "Failed", 6)
	request(site, "GoCardless", "Completed", 10)
	request(site, "GoCardless", "Failed", 0, hours=30)


FAULT = Fault(
	title="Most calls to the payment gateway fail",
	breaks=breaks,
	check="integrations.requests",
	severity="warning",
	count=6,
	subjects=(
		"GoCardless-Failed-0",
		"GoCardless-Failed-1",
		"GoCardless-Failed-2",
		"GoCardless-Failed-3",
		"GoCardless-Failed-4",
		"GoCardless-Failed-5",
	),
)
