"""The limit on requests lacks its window."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(rate_limit={"limit": 600})


FAULT = Fault(
	title="The limit on requests lacks its window",
	breaks=breaks,
	check="integrations.rate_limit",
	severity="critical",
	count=1,
	subjects=("rate_limit",),
)
