"""Cache and queue were pointed at one Redis."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	port = site.bench.redis_cache.port
	(site.bench.folder / "config" / "redis_cache.conf").write_text(f"port {port}\n")
	site.bench.set_common_config(redis_cache=site.bench.redis_queue.url)


FAULT = Fault(
	title="Cache and queue share one Redis",
	breaks=breaks,
	check="config.addresses",
	severity="warning",
	runbook="set-redis-address",
	given={"server": "cache"},
)
