"""A worker that made invoices vanished thirty seconds ago: only its registration tells."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.add_job(
		"long",
		method="erpnext.accounts.doctype.process_subscription.process_subscription.create_subscription_process",
		status="started",
		enqueued_at=site.minutes_ago(2),
		worker="vanished-worker",
	)


FAULT = Fault(
	title="A worker vanished while it made invoices",
	breaks=breaks,
	check="jobs.abandoned",
	severity="critical",
	runbook="release-abandoned-jobs",
)
