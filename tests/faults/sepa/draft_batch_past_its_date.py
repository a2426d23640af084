"""A draft was forgotten until its day had passed."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Direct Debit Batch", sepa.draft_batch(site), batch_date=sepa.earlier_target_day(site, 3))


FAULT = Fault(
	title="A drafted batch names a day in the past",
	breaks=breaks,
	check="sepa.batch_date",
	severity="warning",
	runbook="move-collection-date",
)
