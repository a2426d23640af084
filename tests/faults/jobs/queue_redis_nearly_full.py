"""The queue Redis is about to reach its limit."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number in range(200):  # small pieces: one large one fills a buffer that is then let go
		site.queue.set(f"ballast{number}", b"x" * 100_000)
	used = int(site.queue.info("memory")["used_memory"])
	site.queue.config_set("maxmemory", int(used / 0.95))


FAULT = Fault(
	title="The queue Redis uses 95 % of its memory limit",
	breaks=breaks,
	check="jobs.redis_writable",
	severity="warning",
	subjects=("queue",),
	runbook="redis-out-of-memory",
	given={"server": "queue", "mib": "200"},
)
