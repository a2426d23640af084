"""A crawler used up the limit on requests."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(rate_limit={"limit": 600, "window": 3600})
	number = int(site.now.timestamp()) // 3600
	site.cache.set(site.cache_key(f"rate-limit-counter-{number}"), 601_000_000)


FAULT = Fault(
	title="A crawler used up the limit on requests",
	breaks=breaks,
	check="integrations.rate_limit",
	severity="critical",
	count=1,
	subjects=("rate_limit",),
)
