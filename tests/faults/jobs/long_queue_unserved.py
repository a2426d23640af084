"""The worker of the long queue is gone; a job waits there."""

from tests.faults import Fault
from tests.faults.jobs._keys import lose_workers
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	lose_workers(site, "long")
	site.add_job("long", enqueued_at=site.minutes_ago(3))


FAULT = Fault(
	title="Nobody serves the long queue",
	breaks=breaks,
	check="jobs.unserved_queues",
	severity="critical",
	subjects=("long",),
)
