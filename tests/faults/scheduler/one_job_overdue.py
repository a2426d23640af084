"""One daily job has not run for three days; the others do."""

from tests.faults import Fault
from tests.support.sample import SampleSite

METHOD = "frappe.desk.form.document_follow.send_daily_updates"


def breaks(site: SampleSite) -> None:
	site.update("Scheduled Job Type", {"method": METHOD}, last_execution=site.days_ago(3))


FAULT = Fault(
	title="A daily job has not run for three days",
	breaks=breaks,
	check="scheduler.overdue",
	severity="warning",
	runbook="run-overdue-jobs",
)
