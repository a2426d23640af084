"""The invoices were made five days ago, and are collected within a week."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	day = sepa.target_day(site.days_ago(-4).date())
	site.update("Direct Debit Batch", sepa.draft_batch(site), batch_date=day)


FAULT = Fault(
	title="A batch is collected sooner than fourteen days after its invoices",
	breaks=breaks,
	check="sepa.batch_date",
	severity="info",
	runbook="move-collection-date",
)
