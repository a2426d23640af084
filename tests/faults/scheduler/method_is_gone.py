"""An update renamed a function, deleted a module and took an app away; three job types still name them."""

from datetime import timedelta

from tests.faults import Fault
from tests.support.sample import SampleSite

METHODS = {
	"renamed": "frappe.email.queue.flush_everything",
	"deleted": "frappe.desk.page.old_page.old_page.clean",
	"app-gone": "payments.utils.collect",
	"call": "frappe.sessions.get_cleaner().clean",
}


def breaks(site: SampleSite) -> None:
	for name, method in METHODS.items():
		site.insert(
			"Scheduled Job Type",
			name=name,
			method=method,
			frequency="Daily",
			cron_format="",
			last_execution=site.now - timedelta(minutes=1),
		)


FAULT = Fault(
	title="Four scheduled jobs name code that does not exist",
	breaks=breaks,
	check="scheduler.gone_method",
	severity="warning",
	count=4,
	subjects=tuple(METHODS),
	runbook="stop-jobs-without-code",
)
