"""The queue Redis was full, and its policy let it throw entries away."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.queue.config_set("maxmemory-policy", "volatile-ttl")
	site.queue.config_set("maxmemory", int(site.queue.info("memory")["used_memory"]) + 2_000_000)
	with site.queue.pipeline(transaction=False) as pipeline:
		for number in range(3000):
			pipeline.set(f"ballast{number}", b"x" * 1000, ex=300)
		pipeline.execute()
	site.bench.redis_queue.on_reset(site.queue.config_resetstat)


FAULT = Fault(
	title="The queue Redis was full, and its policy let it throw entries away",
	breaks=breaks,
	check="cache.queue_evicted",
	severity="critical",
	subjects=("queue",),
	also=("jobs.redis_writable",),
)
