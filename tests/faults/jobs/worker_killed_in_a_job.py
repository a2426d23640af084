"""A worker was killed in the middle of a job; its heartbeat stopped."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.add_job(
		"long",
		job_id="half-done",
		method="frappe.core.doctype.prepared_report.prepared_report.generate_report",
		status="started",
		enqueued_at=site.minutes_ago(12),
		last_heartbeat=site.minutes_ago(5),
		worker="killed-worker",
	)


FAULT = Fault(
	title="A worker was killed in the middle of a job",
	breaks=breaks,
	check="jobs.abandoned",
	severity="warning",
	runbook="release-abandoned-jobs",
)
