"""The counter of payment requests was deleted."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.delete("Series", f"ACC-PRQ-{site.now.year}-")
	site.update("Payment Request", None, creation=site.days_ago(3), modified=site.days_ago(3))


FAULT = Fault(
	title="The counter of payment requests was deleted",
	breaks=breaks,
	check="data.series_behind",
	severity="warning",
	count=1,
	runbook="advance-naming-series",
)
