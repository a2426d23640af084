"""Batches were made, but one member's invoice was never selected."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	name = sepa.open_invoice(site, 0)
	site.delete("Direct Debit Batch Invoice", sepa.draft_line(site, 0))
	site.update("Direct Debit Batch", sepa.draft_batch(site), total_amount=5 * sepa.FEE, entry_count=5)
	site.update("Sales Invoice", name, name="STARVED", due_date=site.days_ago(8).date())


FAULT = Fault(
	title="A due invoice with a mandate is in no batch",
	breaks=breaks,
	check="sepa.invoice_starved",
	severity="warning",
	subjects=("STARVED",),
)
