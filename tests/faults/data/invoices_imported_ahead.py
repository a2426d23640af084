"""Invoices were imported with numbers that the counter has not reached."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert("Sales Invoice", name=f"ACC-SINV-{site.now.year}-00090", status="Draft")
	site.insert("Sales Invoice", name=f"ACC-SINV-{site.now.year}-00090-1", status="Draft")


FAULT = Fault(
	title="Invoices were imported with numbers that the counter has not reached",
	breaks=breaks,
	check="data.series_behind",
	severity="warning",
	count=1,
	runbook="advance-naming-series",
)
