"""The scheduler was switched off in System Settings a day ago: everything is late, for this one reason."""

from tests.faults import Fault
from tests.faults.scheduler._times import let_it_rest
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_single("System Settings", enable_scheduler=0)
	let_it_rest(site, 25)


FAULT = Fault(
	title="Scheduled jobs are switched off in System Settings",
	breaks=breaks,
	check="scheduler.enabled",
	severity="critical",
	subjects=("enable_scheduler",),
	also=("scheduler.alive", "scheduler.overdue"),
	runbook="enable-scheduler",
)
