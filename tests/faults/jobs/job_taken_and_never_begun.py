"""A worker died between taking a job from the queue and beginning it."""

from tests.faults import Fault
from tests.faults.jobs._keys import lose_from_queue
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	job_id = site.add_job("default", method="custom_app.tasks.sync", enqueued_at=site.minutes_ago(10))
	lose_from_queue(site, "default", job_id)
	site.queue.rpush(f"rq:queue:{site.queue_key('default')}:intermediate", job_id)


FAULT = Fault(
	title="A job was taken from its queue and never begun",
	breaks=breaks,
	check="jobs.abandoned",
	severity="warning",
	runbook="release-abandoned-jobs",
)
