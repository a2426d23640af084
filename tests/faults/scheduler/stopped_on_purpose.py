"""Somebody does not want the weekly look for updates."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Scheduled Job Type", {"method": "frappe.utils.change_log.check_for_update"}, stopped=1)


FAULT = Fault(
	title="A scheduled job was stopped on purpose",
	breaks=breaks,
	check="scheduler.stopped",
	severity="info",
	runbook="start-stopped-jobs",
	given={"names": "frappe.utils.change_log.check_for_update"},
)
