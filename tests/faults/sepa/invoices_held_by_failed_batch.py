"""The app wrote a status that its own options lack, and the invoices stayed in that batch."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	sepa.add_batch(site, "BATCH-INVALID", sepa.earlier_target_day(site, 30), status="Validation Failed")
	for number in (0, 1):
		sepa.add_line(site, "BATCH-INVALID", number, sepa.open_invoice(site, number))
		site.delete("Direct Debit Batch Invoice", sepa.draft_line(site, number))
		site.update("Sales Invoice", sepa.open_invoice(site, number), due_date=site.days_ago(20).date())
	site.update("Direct Debit Batch", sepa.draft_batch(site), total_amount=4 * sepa.FEE, entry_count=4)


FAULT = Fault(
	title="Two due invoices are held by a batch whose validation failed",
	breaks=breaks,
	check="sepa.invoice_starved",
	severity="warning",
	count=2,
	also=(
		"sepa.batch_failed",
		"sepa.unknown_status",
	),
	runbook="release-direct-debit-batch",
	given={"names": ["BATCH-INVALID"]},
)
