"""A queue was taken out of the configuration while jobs waited in it."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.add_job("invoices", enqueued_at=site.minutes_ago(5))


FAULT = Fault(
	title="Jobs wait in a queue that is no longer configured",
	breaks=breaks,
	check="jobs.unserved_queues",
	severity="critical",
	subjects=("invoices",),
	runbook="move-stranded-jobs",
	given={"queue": "default"},
)
