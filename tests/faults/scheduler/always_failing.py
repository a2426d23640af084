"""A daily job has failed since an update; before that it worked."""

from tests.faults import Fault
from tests.faults.scheduler._times import log_runs
from tests.support.sample import SampleSite

METHOD = "frappe.desk.form.document_follow.send_daily_updates"
ERROR = """Traceback with variables (most recent call last):
  File "apps/frappe/frappe/core/doctype/scheduled_job_type/scheduled_job_type.py", line 146, in execute
    frappe.get_attr(self.method)()
      self = <ScheduledJobType: document_follow.send_daily_updates>
  File "apps/frappe/frappe/desk/form/document_follow.py", line 88, in send_daily_updates
    return user.follow
AttributeError: 'User' object has no attribute 'follow'
"""


def breaks(site: SampleSite) -> None:
	log_runs(site, METHOD, "Failed", 4, ERROR)


FAULT = Fault(
	title="A scheduled job has failed four times in a row",
	breaks=breaks,
	check="scheduler.failing",
	severity="warning",
)
