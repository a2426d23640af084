"""The cache Redis was killed."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.redis_cache.kill()


FAULT = Fault(
	title="The cache Redis was killed",
	breaks=breaks,
	check="cache.reachable",
	severity="critical",
	subjects=("cache",),
	blinds=True,
)
