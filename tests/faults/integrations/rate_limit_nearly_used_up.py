"""Most of the limit on requests is used up."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(rate_limit={"limit": 600, "window": 3600})
	number = int(site.now.timestamp()) // 3600
	site.cache.set(site.cache_key(f"rate-limit-counter-{number}"), 481_000_000)


FAULT = Fault(
	title="Most of the limit on requests is used up",
	breaks=breaks,
	check="integrations.rate_limit",
	severity="warning",
	count=1,
	subjects=("rate_limit",),
)
