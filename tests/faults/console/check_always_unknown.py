"""One check could not look in ten of twelve snapshots, another only once."""

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite

UNKNOWN = {"status": "unknown", "reason": "The database user may not see the process list."}


def breaks(site: SampleSite) -> None:
	console = install_console(site, snapshots=0)
	for number in range(26):
		console.snapshot(
			site.hours_ago(0.2 + number),
			checks=(
				{"id": "database.waiting", **(UNKNOWN if number not in (3, 7) else {})},
				{"id": "jobs.workers", **(UNKNOWN if number == 4 else {})},
			),
		)


FAULT = Fault(
	title="A check can never look",
	breaks=breaks,
	check="console.often_unknown",
	severity="warning",
	subjects=("database.waiting",),
)
