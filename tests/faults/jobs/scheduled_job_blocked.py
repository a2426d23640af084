"""A scheduled job counts as queued, but no queue holds it: it is skipped for ever."""

from tests.faults import Fault
from tests.faults.jobs._keys import lose_from_queue, scheduled_job
from tests.support.sample import SampleSite

METHOD = "frappe.email.queue.flush"


def breaks(site: SampleSite) -> None:
	job_id = site.add_job(
		"default",
		method="frappe.core.doctype.scheduled_job_type.scheduled_job_type.run_scheduled_job",
		job_id=scheduled_job(site, METHOD),
		kwargs={"job_type": METHOD},
		enqueued_at=site.minutes_ago(9),
	)
	lose_from_queue(site, "default", job_id)


FAULT = Fault(
	title="A scheduled job is blocked by an entry that no queue holds",
	breaks=breaks,
	check="jobs.blocked",
	severity="critical",
	runbook="unblock-scheduled-jobs",
)
