"""The number of entries was written by hand."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Direct Debit Batch", sepa.draft_batch(site), entry_count=len(sepa.CUSTOMERS) + 1)


FAULT = Fault(
	title="A batch says it has one entry more than it has",
	breaks=breaks,
	check="sepa.batch_totals",
	severity="warning",
	runbook="recount-direct-debit-batch",
)
