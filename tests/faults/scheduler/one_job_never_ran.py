"""A job that an app brought three days ago has never run."""

from tests.faults import Fault
from tests.support.bench_folder import add_function
from tests.support.sample import SampleSite

METHOD = "frappe.desk.reminders.send"


def breaks(site: SampleSite) -> None:
	add_function(site.bench.folder, METHOD)
	site.insert(
		"Scheduled Job Type",
		name="new-type",
		method=METHOD,
		frequency="Hourly",
		cron_format="",
		creation=site.days_ago(3),
	)


FAULT = Fault(
	title="A new scheduled job has never run",
	breaks=breaks,
	check="scheduler.never_run",
	severity="warning",
	subjects=("new-type",),
	runbook="run-overdue-jobs",
)
