"""Snapshots end in an error or with their process."""

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	console.snapshot(site.hours_ago(2.5), name="failed", status="Failed", error="MemoryError: ")
	console.snapshot(site.hours_ago(3.5), name="endless", status="Running")
	console.snapshot(site.minutes_ago(2), name="still-at-it", status="Running")


FAULT = Fault(
	title="Snapshots break off",
	breaks=breaks,
	check="console.snapshots_failed",
	severity="warning",
	count=2,
	subjects=("failed", "endless"),
)
