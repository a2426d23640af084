"""Two reports were asked for in the morning, and their jobs are lost."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for name, status, hours in (
		("queued", "Queued", 5),
		("started", "Started", 3),
		("fresh", "Started", 1),
		("forgotten", "Queued", 100),
	):
		at = site.hours_ago(hours)
		site.insert(
			"Prepared Report",
			name=name,
			report_name="General Ledger",
			status=status,
			creation=at,
			modified=at,
		)


FAULT = Fault(
	title="Reports never come",
	breaks=breaks,
	check="performance.reports",
	severity="warning",
	count=2,
	subjects=("queued", "started"),
	runbook="give-up-lost-reports",
)
