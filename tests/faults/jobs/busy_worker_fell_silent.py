"""A worker that was at work hangs: it has not reported for two minutes."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.add_worker(queues=["long"], heartbeat_age=120, state="busy", name="hanging-worker")


FAULT = Fault(
	title="A busy worker hangs",
	breaks=breaks,
	check="jobs.workers",
	severity="warning",
	subjects=("hanging-worker",),
	runbook="forget-dead-workers",
)
