"""The failures of one job of this site fill the list that all sites share."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.set_common_config(rq_failed_jobs_limit=20)
	for number in range(17):
		site.add_job(
			"short",
			method="frappe.deferred_insert.save_to_db",
			status="failed",
			enqueued_at=site.hours_ago(30 + number),
		)
	site.add_job("short", site="erp.example.org2", status="failed", enqueued_at=site.hours_ago(2))


FAULT = Fault(
	title="Old failures of this site fill the list of failed jobs",
	breaks=breaks,
	check="jobs.failed_registry",
	severity="warning",
	subjects=("short",),
	also=("jobs.failed",),
	runbook="drop-failed-jobs",
	given={"older_than": "1 d"},
)
