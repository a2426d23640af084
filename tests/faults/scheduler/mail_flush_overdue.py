"""Outgoing mail has not been sent for two hours, although other jobs run."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update(
		"Scheduled Job Type", {"method": "frappe.email.queue.flush"}, last_execution=site.hours_ago(2)
	)


FAULT = Fault(
	title="The job that sends mail is overdue",
	breaks=breaks,
	check="scheduler.overdue",
	severity="critical",
	runbook="run-overdue-jobs",
)
