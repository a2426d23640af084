"""Jobs pile up: some of this site, some of another one on the bench."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number in range(51):
		site.add_job(
			"default", site=None if number % 3 else "other.example.org", enqueued_at=site.minutes_ago(2)
		)


FAULT = Fault(
	title="51 jobs of two sites wait in one queue",
	breaks=breaks,
	check="jobs.backlog",
	severity="warning",
	count=51,
	subjects=("default",),
	runbook="hold-jobs-back",
	given={"queues": "default"},
)
