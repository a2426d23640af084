"""The cache Redis has no limit and takes much of the machine."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "cache.memory", machine_share=0.00001)


FAULT = Fault(
	title="The cache Redis has no limit and takes much of the machine",
	breaks=breaks,
	check="cache.memory",
	severity="warning",
	subjects=("cache",),
	runbook="cache-has-no-limit",
)
