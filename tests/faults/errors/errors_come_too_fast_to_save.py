"""Every request fails: more errors than the scheduled job can save."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.cache.rpush(site.cache_key("insert_queue_for_Error Log"), *["{}"] * 1000)


FAULT = Fault(
	title="More errors than can be saved",
	breaks=breaks,
	check="errors.waiting",
	severity="warning",
	count=1000,
)
