"""So many jobs wait that Frappe 16 refuses more."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.set_common_config(max_queued_jobs=10)  # and 50 for each site of the bench
	for _number in range(60):
		site.add_job("long", enqueued_at=site.minutes_ago(2))


FAULT = Fault(
	title="A queue is full and Frappe refuses new jobs",
	breaks=breaks,
	check="jobs.backlog",
	severity="critical",
	count=60,
	subjects=("long",),
	frappe=(16,),
	runbook="empty-queues-of-site",
)
