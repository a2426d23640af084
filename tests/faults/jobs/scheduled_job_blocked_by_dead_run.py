"""A scheduled job counts as started, but its worker is long gone."""

from tests.faults import Fault
from tests.faults.jobs._keys import scheduled_job
from tests.support.sample import SampleSite

METHOD = "frappe.email.doctype.email_account.email_account.pull"


def breaks(site: SampleSite) -> None:
	site.add_job(
		"default",
		method="frappe.core.doctype.scheduled_job_type.scheduled_job_type.run_scheduled_job",
		job_id=scheduled_job(site, METHOD),
		kwargs={"job_type": METHOD},
		status="started",
		enqueued_at=site.minutes_ago(9),
		last_heartbeat=site.minutes_ago(8),
		worker="killed-worker",
	)


FAULT = Fault(
	title="A scheduled job is blocked by a run whose worker is gone",
	breaks=breaks,
	check="jobs.blocked",
	severity="critical",
	also=("jobs.abandoned",),
	runbook="unblock-scheduled-jobs",
)
