"""Three jobs met a deadlock; Frappe did not try them again."""

from tests.faults import Fault
from tests.support.sample import SampleSite

ERROR = """Traceback (most recent call last):
  File "apps/frappe/frappe/database/database.py", line 230, in sql
    self._cursor.execute(query, values)
pymysql.err.OperationalError: (1213, 'Deadlock found when trying to get lock; try restarting transaction')

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "apps/frappe/frappe/utils/background_jobs.py", line 220, in execute_job
    retval = method(**kwargs)
frappe.exceptions.QueryDeadlockError: (1213, 'Deadlock found when trying to get lock; try restarting transaction')
"""


def breaks(site: SampleSite) -> None:
	for number in range(3):
		site.add_job(
			"default",
			method="frappe.model.document.execute_action",
			status="failed",
			enqueued_at=site.hours_ago(number),
			exc=ERROR,
		)


FAULT = Fault(
	title="Three jobs failed in deadlocks",
	breaks=breaks,
	check="jobs.failed",
	severity="warning",
	count=3,
	runbook="repeat-failed-jobs",
	given={"error": "QueryDeadlock"},
)
