"""The bank refused a batch; its invoices belong to it for ever."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	sepa.add_batch(site, "BATCH-FAILED", sepa.earlier_target_day(site, 30), status="Failed")
	for number in (0, 1):
		sepa.add_line(site, "BATCH-FAILED", number, sepa.open_invoice(site, number))
		site.delete("Direct Debit Batch Invoice", sepa.draft_line(site, number))
		site.update("Sales Invoice", sepa.open_invoice(site, number), due_date=site.days_ago(20).date())
	site.update("Direct Debit Batch", sepa.draft_batch(site), total_amount=4 * sepa.FEE, entry_count=4)


FAULT = Fault(
	title="A failed batch holds two unpaid invoices that are overdue",
	breaks=breaks,
	check="sepa.batch_failed",
	severity="critical",
	subjects=("BATCH-FAILED",),
	also=("sepa.invoice_starved",),
	runbook="release-direct-debit-batch",
	given={"names": ["BATCH-FAILED"]},
)
