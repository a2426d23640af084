"""The cache Redis holds much more memory than its data needs."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "cache.fragmentation", at_least_mib=0, ratio=0.1)


FAULT = Fault(
	title="The cache Redis holds much more memory than its data needs",
	breaks=breaks,
	check="cache.fragmentation",
	severity="warning",
	count=2,
	subjects=("cache", "queue"),
)
