"""The counter of invoices was set back."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Series", f"ACC-SINV-{site.now.year}-", current=3)


FAULT = Fault(
	title="The counter of invoices was set back",
	breaks=breaks,
	check="data.series_behind",
	severity="critical",
	count=1,
	runbook="advance-naming-series",
)
