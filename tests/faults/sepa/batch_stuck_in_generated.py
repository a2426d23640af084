"""The file was made and nobody recorded what happened to it: the app cannot leave this status."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	sepa.add_batch(site, "BATCH-STUCK", sepa.earlier_target_day(site, 10))
	for number in (0, 1):
		sepa.add_line(site, "BATCH-STUCK", number, sepa.open_invoice(site, number))
		site.delete("Direct Debit Batch Invoice", sepa.draft_line(site, number))
	site.update("Direct Debit Batch", sepa.draft_batch(site), total_amount=4 * sepa.FEE, entry_count=4)


FAULT = Fault(
	title="The collection date of a batch passed while its file waited",
	breaks=breaks,
	check="sepa.batch_stuck",
	severity="critical",
	subjects=("BATCH-STUCK",),
	runbook="release-direct-debit-batch",
	given={"names": ["BATCH-STUCK"]},
)
