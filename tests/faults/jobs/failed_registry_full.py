"""Another site filled the list of failed jobs: this site's next failure is dropped at once."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.set_common_config(rq_failed_jobs_limit=20)
	for number in range(19):
		site.add_job("default", site="other.example.org", status="failed", enqueued_at=site.hours_ago(number))


FAULT = Fault(
	title="The list of failed jobs is full of another site's",
	breaks=breaks,
	check="jobs.failed_registry",
	severity="critical",
	subjects=("default",),
	runbook="more-room-for-failed-jobs",
)
