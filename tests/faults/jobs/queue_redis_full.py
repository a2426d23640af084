"""The queue Redis reached its limit and refuses new jobs."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.queue.set("ballast", b"x" * 2_000_000)
	site.queue.config_set("maxmemory", 1_000_000)


FAULT = Fault(
	title="The queue Redis reached its memory limit",
	breaks=breaks,
	check="jobs.redis_writable",
	severity="critical",
	subjects=("queue",),
	runbook="redis-out-of-memory",
	given={"server": "queue"},
)
