"""No transaction has come through the bank feed for two weeks."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for name, days, integration in (("Linked", 16, "abc"), ("Fresh", 12, "def"), ("Typed", 90, None)):
		site.insert(
			"Bank Account",
			name=name,
			account_name=name,
			bank="Bank TRIO",
			is_company_account=1,
			integration_id=integration,
			last_integration_date=site.days_ago(days).date(),
		)


FAULT = Fault(
	title="No transaction has come through the bank feed for two weeks",
	breaks=breaks,
	check="payments.bank_feed",
	severity="warning",
	count=1,
	subjects=("Linked",),
)
