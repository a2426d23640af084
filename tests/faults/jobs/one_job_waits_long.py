"""A single job has been waiting for two hours."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.add_job("short", enqueued_at=site.hours_ago(2))


FAULT = Fault(
	title="A job has been waiting for two hours",
	breaks=breaks,
	check="jobs.backlog",
	severity="warning",
	subjects=("short",),
	runbook="thin-out-queue",
	given={"queues": "short", "older_than": "1 h", "method": "frappe.utils.background_jobs.run_doc_method"},
)
