"""The list of failed jobs is four fifths full."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.set_common_config(rq_failed_jobs_limit=20)
	for number in range(16):
		site.add_job("short", site="other.example.org", status="failed", enqueued_at=site.hours_ago(number))


FAULT = Fault(
	title="The list of failed jobs fills up",
	breaks=breaks,
	check="jobs.failed_registry",
	severity="warning",
	subjects=("short",),
	runbook="more-room-for-failed-jobs",
	given={"limit": "200"},
)
