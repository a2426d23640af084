"""A hundred jobs wait, the oldest for 45 minutes; a newer one was put in front."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number in range(99):
		site.add_job("default", enqueued_at=site.minutes_ago(45 - number / 10))
	site.add_job("default", enqueued_at=site.minutes_ago(1), at_front=True)


FAULT = Fault(
	title="A hundred jobs wait, the oldest for 45 minutes",
	breaks=breaks,
	check="jobs.backlog",
	severity="critical",
	count=100,
	subjects=("default",),
	runbook="thin-out-queue",
	given={"method": "frappe.utils.background_jobs.run_doc_method"},
)
