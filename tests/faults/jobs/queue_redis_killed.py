"""The queue Redis was killed."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.redis_queue.kill()


FAULT = Fault(
	title="The queue Redis was killed",
	breaks=breaks,
	check="jobs.redis",
	severity="critical",
	subjects=("queue",),
	blinds=True,
)
