"""The kernel killed a job for lack of memory; there is no exception at all."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.add_job(
		"long",
		method="frappe.core.doctype.prepared_report.prepared_report.generate_report",
		status="failed",
		enqueued_at=site.hours_ago(4),
		exc="Work-horse terminated unexpectedly; waitpid returned 9 (signal 9); ",
	)


FAULT = Fault(
	title="A job was killed for lack of memory",
	breaks=breaks,
	check="jobs.failed",
	severity="warning",
	runbook="repeat-failed-jobs",
)
