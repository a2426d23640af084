"""A daily job in the default queue takes four and a half of its five minutes; one in the long queue takes ten."""

from datetime import timedelta

from tests.faults import Fault
from tests.support.sample import SampleSite

METHOD = "frappe.email.doctype.notification.notification.trigger_daily_alerts"
LONG = "frappe.utils.change_log.check_for_update"


def breaks(site: SampleSite) -> None:
	for method, minutes in ((METHOD, 4.5), (LONG, 10)):
		name = site.value("Scheduled Job Type", {"method": method}, "name")
		begun = site.hours_ago(20)
		site.insert(
			"Scheduled Job Log",
			scheduled_job_type=name,
			status="Complete",
			creation=begun,
			modified=begun + timedelta(minutes=minutes),
		)


FAULT = Fault(
	title="A scheduled job comes near its limit",
	breaks=breaks,
	check="performance.scheduled_jobs",
	severity="warning",
)
