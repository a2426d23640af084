"""redis_cache was entered without redis:// in front."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	port = site.bench.redis_cache.port
	(site.bench.folder / "config" / "redis_cache.conf").write_text(f"port {port}\n")
	site.bench.set_common_config(redis_cache="127.0.0.1:13000")


FAULT = Fault(
	title="The address of the cache is no address",
	breaks=breaks,
	check="config.addresses",
	severity="critical",
	subjects=("redis_cache",),
	also=("cache.reachable",),
	blinds=True,
	runbook="set-redis-address",
	given={"server": "cache"},
)
