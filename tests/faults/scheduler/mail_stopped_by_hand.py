"""During a test somebody stopped the job that sends mail."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Scheduled Job Type", {"method": "frappe.email.queue.flush"}, stopped=1)


FAULT = Fault(
	title="The job that sends mail was stopped by hand",
	breaks=breaks,
	check="scheduler.stopped",
	severity="warning",
	runbook="start-stopped-jobs",
)
