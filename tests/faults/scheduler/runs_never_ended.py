"""Three runs began and never ended: their workers were killed. A fourth may still be at it."""

from tests.faults import Fault
from tests.faults.scheduler._times import name_of
from tests.support.sample import SampleSite

SHORT = "frappe.desk.form.document_follow.send_daily_updates"
LONG = "erpnext.stock.doctype.repost_item_valuation.repost_item_valuation.repost_entries"


def breaks(site: SampleSite) -> None:
	for row, method, minutes in (
		("run-1", SHORT, 16),
		("run-2", LONG, 50),
		("run-3", SHORT, 5 * 24 * 60),
		("still-running", LONG, 20),
	):
		site.insert(
			"Scheduled Job Log",
			name=row,
			scheduled_job_type=name_of(site, method),
			status="Start",
			creation=site.minutes_ago(minutes),
		)


FAULT = Fault(
	title="Three runs of scheduled jobs never ended",
	breaks=breaks,
	check="scheduler.stuck_runs",
	severity="warning",
	count=3,
	subjects=("run-1", "run-2", "run-3"),
	runbook="close-stuck-runs",
)
