"""After a restore, System Settings hold no row for the switch: Frappe takes that for off."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_single("System Settings", enable_scheduler=None)


FAULT = Fault(
	title="System Settings do not say that scheduled jobs are enabled",
	breaks=breaks,
	check="scheduler.enabled",
	severity="critical",
	subjects=("enable_scheduler",),
	runbook="enable-scheduler",
)
