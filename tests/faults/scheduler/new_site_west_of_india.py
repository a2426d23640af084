"""Two job types were made while the time zone of the site lay further east: they were made in the future."""

from tests.faults import Fault
from tests.faults.scheduler._times import name_of
from tests.support.sample import SampleSite

METHODS = ("frappe.desk.doctype.event.event.send_event_digest", "frappe.monitor.flush")


def breaks(site: SampleSite) -> None:
	for method in METHODS:
		site.update(
			"Scheduled Job Type", name_of(site, method), last_execution=None, creation=site.hours_ago(-9)
		)


FAULT = Fault(
	title="The time zone of a new site was set after its scheduled jobs were made",
	breaks=breaks,
	check="scheduler.clock",
	severity="info",
	count=2,
	runbook="mend-scheduler-clock",
)
