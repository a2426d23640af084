"""A statement of accounts was never mailed."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.add_job(
		"short",
		method="frappe.sendmail",
		status="failed",
		enqueued_at=site.hours_ago(5),
		exc='Traceback (most recent call last):\n  File "x.py", line 1, in f\nsmtplib.SMTPServerDisconnected: gone',
	)


FAULT = Fault(
	title="A mail that was sent in the background is lost",
	breaks=breaks,
	check="jobs.failed",
	severity="critical",
	runbook="drop-failed-jobs",
	given={"method": "frappe.sendmail"},
)
