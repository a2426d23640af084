"""A collection was removed from a batch by SQL."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.delete("Direct Debit Batch Invoice", sepa.draft_line(site, 0))


FAULT = Fault(
	title="The total of a batch is higher than its collections",
	breaks=breaks,
	check="sepa.batch_totals",
	severity="warning",
	runbook="recount-direct-debit-batch",
)
