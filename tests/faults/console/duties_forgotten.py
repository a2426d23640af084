"""Nobody restored a backup on trial last month; yesterday's duty is late, today's is not, and last week's was missed."""

from datetime import timedelta

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	today = site.now.date()
	for name, days, state in (
		("restore-a-backup", 20, "Overdue"),
		("error-log", 1, "Open"),
		("mail-leaves", 0, "Open"),
		("queues-move", 9, "Missed"),
		("backups-made", 9, "Done"),
		("imports-end", 9, "Not Applicable"),
	):
		day = today - timedelta(days=days)
		console.data.insert(
			"Duty Sign-off",
			name=f"{name}-{day}",
			title=name,
			duty=name,
			period=str(day),
			state=state,
			due_on=day,
		)


FAULT = Fault(
	title="Regular duties are forgotten",
	breaks=breaks,
	check="console.duties_overdue",
	severity="warning",
	count=2,
)
