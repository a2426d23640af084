"""The calendar of the app knows the national holidays, not those of TARGET."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	day = site.now.date().replace(month=12, day=25)
	day = day if (day - site.now.date()).days > 20 else day.replace(year=day.year + 1)
	site.update("Direct Debit Batch", sepa.draft_batch(site), batch_date=day)


FAULT = Fault(
	title="A batch is to be collected on Christmas Day",
	breaks=breaks,
	check="sepa.batch_date",
	severity="warning",
	runbook="move-collection-date",
)
