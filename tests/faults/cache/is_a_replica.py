"""After a failover redis_cache names the read-only copy."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.cache.replicaof("127.0.0.1", "1")


FAULT = Fault(
	title="After a failover redis_cache names the read-only copy",
	breaks=breaks,
	check="cache.writable",
	severity="critical",
	subjects=("cache",),
)
