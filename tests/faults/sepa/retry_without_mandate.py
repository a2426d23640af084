"""A retry was planned, and then its payer cancelled the mandate; another retry got no day."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("SEPA Mandate", sepa.mandate(site, 0), status="Cancelled")
	site.delete("Direct Debit Batch Invoice", sepa.draft_line(site, 0))
	site.update("Direct Debit Batch", sepa.draft_batch(site), total_amount=5 * sepa.FEE, entry_count=5)
	for name, number, status, day in (
		("uncovered", 0, "Scheduled", site.days_ago(-3).date()),
		("waiting", 1, "Pending", None),
	):
		site.insert(
			"SEPA Payment Retry",
			name=name,
			invoice=sepa.open_invoice(site, number),
			member=sepa.member_name(site, number),
			status=status,
			next_retry_date=day,
			creation=site.days_ago(8),
		)


FAULT = Fault(
	title="One planned retry has no mandate, one waiting retry has no day",
	breaks=breaks,
	check="sepa.retry_stalled",
	severity="warning",
	count=2,
	subjects=(
		"uncovered",
		"waiting",
	),
	runbook="settle-payment-retries",
	given={"unclear": "close"},
)
