"""The payment provider refused requests."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for name, age in (("PRQ-a", 3), ("PRQ-b", 29), ("PRQ-old", 31)):
		site.insert(
			"Payment Request",
			name=name,
			payment_request_type="Inward",
			transaction_date=site.days_ago(age).date(),
			grand_total=25,
			status="Failed",
			docstatus=1,
			creation=site.days_ago(age),
		)


FAULT = Fault(
	title="The payment provider refused requests",
	breaks=breaks,
	check="payments.requests_failed",
	severity="warning",
	count=2,
	subjects=("PRQ-a", "PRQ-b"),
)
