"""The queue Redis was set up like a cache: it may forget jobs."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.queue.config_set("maxmemory", 500_000_000)
	site.queue.config_set("maxmemory-policy", "allkeys-lru")


FAULT = Fault(
	title="The queue Redis may evict jobs",
	breaks=breaks,
	check="jobs.redis_writable",
	severity="warning",
	subjects=("queue",),
	runbook="redis-policy",
	given={"server": "queue"},
)
