"""The cache Redis was set up like a queue: it may forget nothing."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.cache.config_set("maxmemory", 500_000_000)
	site.cache.config_set("maxmemory-policy", "noeviction")


FAULT = Fault(
	title="The cache Redis was set up like a queue: it may forget nothing",
	breaks=breaks,
	check="cache.memory",
	severity="warning",
	subjects=("cache",),
	runbook="redis-policy",
	given={"server": "cache"},
)
