"""The daily job of retries is registered without its argument, so it returns at once."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert(
		"SEPA Payment Retry",
		name="overdue",
		invoice=sepa.open_invoice(site, 0),
		member=sepa.member_name(site, 0),
		status="Scheduled",
		next_retry_date=site.days_ago(3).date(),
		creation=site.days_ago(6),
	)


FAULT = Fault(
	title="The day of a scheduled retry has passed",
	breaks=breaks,
	check="sepa.retry_stalled",
	severity="warning",
	subjects=("overdue",),
	runbook="settle-payment-retries",
	given={"unclear": "plan"},
)
