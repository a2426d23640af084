"""The clock of the machine stood two days ahead when three jobs ran."""

from tests.faults import Fault
from tests.faults.scheduler._times import name_of
from tests.support.sample import SampleSite

METHODS = (
	"frappe.desk.form.document_follow.send_daily_updates",
	"frappe.email.doctype.email_account.email_account.pull",
	"frappe.deferred_insert.save_to_db",
)


def breaks(site: SampleSite) -> None:
	for method in METHODS:
		site.update("Scheduled Job Type", name_of(site, method), last_execution=site.days_ago(-2))


FAULT = Fault(
	title="Three jobs ran while the clock was two days ahead",
	breaks=breaks,
	check="scheduler.clock",
	severity="critical",
	count=3,
	runbook="mend-scheduler-clock",
)
