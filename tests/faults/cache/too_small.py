"""The cache Redis is far too small for the site."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "cache.evictions", at_least=500)
	site.cache.config_resetstat()
	site.cache.config_set("maxmemory-policy", "allkeys-lru")
	site.cache.config_set("maxmemory", int(site.cache.info("memory")["used_memory"]) + 2_000_000)
	with site.cache.pipeline(transaction=False) as pipeline:
		for number in range(6000):
			pipeline.set(f"ballast{number}", b"x" * 1000)
		pipeline.execute()
	site.bench.redis_cache.on_reset(site.cache.config_resetstat)


FAULT = Fault(
	title="The cache Redis is far too small for the site",
	breaks=breaks,
	check="cache.evictions",
	severity="warning",
	subjects=("cache",),
	runbook="cache-too-small",
	given={"mib": "200"},
)
