"""A cron line with a minute that no hour has."""

from tests.faults import Fault
from tests.faults.scheduler._times import name_of
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	name = name_of(site, "frappe.deferred_insert.save_to_db")
	site.update("Scheduled Job Type", name, cron_format="75 * * * *")


FAULT = Fault(
	title="A scheduled job has a cron line that makes no sense",
	breaks=breaks,
	check="scheduler.plan",
	severity="warning",
	runbook="mend-cron-line",
	given={"name": "frappe.deferred_insert.save_to_db", "cron": "0/15 * * * *"},
)
