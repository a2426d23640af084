"""The monitor is on, and what it measures is never written to its file."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(monitor=1)
	site.cache.rpush(site.cache_key("monitor-transactions"), *["{}"] * 10_000)


FAULT = Fault(
	title="The monitor fills Redis",
	breaks=breaks,
	check="performance.monitor",
	severity="warning",
	count=10_000,
	runbook="clear-monitor",
)
