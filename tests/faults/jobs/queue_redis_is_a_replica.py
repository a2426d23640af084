"""After a failover redis_queue names the read-only copy."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.queue.replicaof("127.0.0.1", "1")


FAULT = Fault(
	title="The queue Redis is a read-only copy",
	breaks=breaks,
	check="jobs.redis_writable",
	severity="critical",
	subjects=("queue",),
)
