"""Subscriptions have made no invoices for days, and there was never a success in the log."""

from tests.faults import Fault
from tests.faults.scheduler._times import log_runs, name_of
from tests.support.sample import SampleSite

METHOD = "erpnext.accounts.doctype.process_subscription.process_subscription.create_subscription_process"


def breaks(site: SampleSite) -> None:
	site.delete("Scheduled Job Log", {"scheduled_job_type": name_of(site, METHOD)})
	log_runs(
		site, METHOD, "Failed", 3, "Traceback (most recent call last):\nfrappe.exceptions.ValidationError: No"
	)


FAULT = Fault(
	title="The job that makes invoices of subscriptions fails every time",
	breaks=breaks,
	check="scheduler.failing",
	severity="critical",
)
