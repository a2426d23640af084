"""The date 31 February: Frappe does not catch this error, so no job of the site is queued any more."""

from tests.faults import Fault
from tests.faults.scheduler._times import let_it_rest, name_of
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	let_it_rest(site, 3)
	name = name_of(site, "frappe.deferred_insert.save_to_db")
	site.update("Scheduled Job Type", name, cron_format="0 0 31 2 *")


FAULT = Fault(
	title="One impossible date stops the scheduler of the whole site",
	breaks=breaks,
	check="scheduler.plan",
	severity="critical",
	also=("scheduler.alive", "scheduler.overdue"),
	runbook="mend-cron-line",
	given={"name": "frappe.deferred_insert.save_to_db", "cron": "0/15 * * * *"},
)
