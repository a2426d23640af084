"""The machine of the workers is half an hour ahead."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update(
		"Scheduled Job Type", {"method": "frappe.monitor.flush"}, last_execution=site.minutes_ago(-30)
	)


FAULT = Fault(
	title="A job ran half an hour in the future",
	breaks=breaks,
	check="scheduler.clock",
	severity="warning",
	runbook="mend-scheduler-clock",
)
