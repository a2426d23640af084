"""One check takes nearly all of its time in every snapshot; another did once."""

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	console = install_console(site, snapshots=0)
	for number in range(26):
		console.snapshot(
			site.hours_ago(0.2 + number),
			checks=(
				{"id": "storage.orphans", "duration_ms": 1800.0 + number},
				{"id": "jobs.workers", "duration_ms": 1900.0 if number == 4 else 12.0},
			),
		)


FAULT = Fault(
	title="A check takes too long",
	breaks=breaks,
	check="console.over_budget",
	severity="info",
	subjects=("storage.orphans",),
)
