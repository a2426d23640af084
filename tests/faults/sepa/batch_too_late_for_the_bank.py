"""The file was made on the day of collection itself."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	sepa.add_batch(site, "BATCH-LATE", site.now.date())
	sepa.add_line(site, "BATCH-LATE", 0, sepa.open_invoice(site, 0))
	site.delete("Direct Debit Batch Invoice", sepa.draft_line(site, 0))
	site.update("Direct Debit Batch", sepa.draft_batch(site), total_amount=5 * sepa.FEE, entry_count=5)


FAULT = Fault(
	title="A batch to be collected today still waits to be sent",
	breaks=breaks,
	check="sepa.batch_stuck",
	severity="critical",
	subjects=("BATCH-LATE",),
	also=("sepa.batch_date",),
	runbook="release-direct-debit-batch",
	given={"names": ["BATCH-LATE"]},
)
