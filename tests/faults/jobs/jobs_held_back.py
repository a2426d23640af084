"""Jobs were held back for a repair, and nobody brought them back."""

from tests.faults import Fault
from tests.faults.jobs._keys import lose_from_queue
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number in range(3):
		job_id = site.add_job("long", job_id=f"held-{number}", enqueued_at=site.hours_ago(30 - number))
		lose_from_queue(site, "long", job_id)
		site.queue.rpush(f"rq:recovery-parked:{site.queue_key('long')}", job_id)
	site.queue.rpush(f"rq:recovery-parked:{site.queue_key('long')}", "other.example.org||x")


FAULT = Fault(
	title="Jobs that were held back have been forgotten",
	breaks=breaks,
	check="jobs.parked",
	severity="warning",
	count=3,
	runbook="bring-jobs-back",
)
