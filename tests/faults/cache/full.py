"""The cache Redis reached its limit and was told never to evict."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.cache.set("ballast", b"x" * 2_000_000)
	site.cache.config_set("maxmemory-policy", "noeviction")
	site.cache.config_set("maxmemory", 1_000_000)


FAULT = Fault(
	title="The cache Redis is full and may not evict",
	breaks=breaks,
	check="cache.reachable",
	severity="critical",
	runbook="redis-policy",
	given={"server": "cache"},
)
