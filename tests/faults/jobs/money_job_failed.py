"""Two jobs that match payments failed this morning."""

from tests.faults import Fault
from tests.support.sample import SampleSite

METHOD = "erpnext.accounts.doctype.bank_reconciliation_tool.bank_reconciliation_tool.start_auto_reconcile"
ERROR = """Traceback (most recent call last):
  File "env/lib/python3.11/site-packages/rq/worker.py", line 1431, in perform_job
    rv = job.perform()
  File "apps/frappe/frappe/utils/background_jobs.py", line 220, in execute_job
    retval = method(**kwargs)
frappe.exceptions.ValidationError: Total Allocated Amount must not be greater
than the unallocated amount
"""


def breaks(site: SampleSite) -> None:
	for number in range(2):
		site.add_job(
			"long",
			method=METHOD,
			status="failed",
			job_id=f"reconcile-{number}",
			enqueued_at=site.hours_ago(3 + number),
			exc=ERROR,
		)
	site.add_job(
		"long", site="other.example.org", method=METHOD, status="failed", enqueued_at=site.hours_ago(1)
	)


FAULT = Fault(
	title="Jobs that match payments failed",
	breaks=breaks,
	check="jobs.failed",
	severity="critical",
	count=2,
	runbook="repeat-named-jobs",
	given={"names": "reconcile-0,reconcile-1"},
)
