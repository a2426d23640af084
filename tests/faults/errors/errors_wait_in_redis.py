"""The job that saves the errors of web requests has not run for hours; they pile up in Redis."""

import json

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	key = site.cache_key("insert_queue_for_Error Log")
	for number in range(3):
		site.cache.rpush(key, json.dumps([{"method": f"Error {number}", "error": "Traceback"}]))
	site.update(
		"Scheduled Job Type",
		{"method": "frappe.deferred_insert.save_to_db"},
		last_execution=site.hours_ago(3),
	)


FAULT = Fault(
	title="Errors wait in Redis",
	breaks=breaks,
	check="errors.waiting",
	severity="warning",
	count=3,
	also=("scheduler.overdue",),
	runbook="save-waiting-errors",
)
