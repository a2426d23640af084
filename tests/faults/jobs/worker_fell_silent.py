"""An idle worker was killed; RQ still lists it."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.add_worker(queues=["default"], heartbeat_age=440, name="killed-worker")


FAULT = Fault(
	title="An idle worker was killed seven minutes ago",
	breaks=breaks,
	check="jobs.workers",
	severity="warning",
	subjects=("killed-worker",),
	runbook="forget-dead-workers",
)
