"""A duty of yesterday was not signed off: it is told, and no reason for an incident yet."""

from datetime import timedelta

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	day = site.now.date() - timedelta(days=1)
	console.data.insert(
		"Duty Sign-off",
		name=f"error-log-{day}",
		title="Read the day's errors",
		duty="error-log",
		period=str(day),
		due_on=day,
	)


FAULT = Fault(
	title="A duty is a day late",
	breaks=breaks,
	check="console.duties_overdue",
	severity="info",
)
