"""The queue Redis is far away: each answer takes a while."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.services.slow_way import SlowWay


def breaks(site: SampleSite) -> None:
	way = SlowWay(site.bench.redis_queue.port, 0.02)
	site.bench.redis_queue.on_reset(way.close)
	site.bench.set_common_config(redis_queue=f"redis://127.0.0.1:{way.port}")


FAULT = Fault(
	title="The queue Redis is far away: each answer takes a while",
	breaks=breaks,
	check="cache.latency",
	severity="warning",
	subjects=("queue",),
)
