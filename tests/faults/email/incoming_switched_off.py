"""Frappe switched an account off after six failures in a row and told the managers."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert(
		"Email Account",
		name="Support",
		email_account_name="Support",
		email_id="support@example.org",
		enable_incoming=0,
		email_server="imap.example.org",
		modified=site.hours_ago(30),
	)
	told = {"creation": site.hours_ago(30), "modified": site.hours_ago(30)}
	if site.frappe == 15:
		site.insert(
			"ToDo",
			reference_type="Email Account",
			reference_name="Support",
			allocated_to="Administrator",
			description="Email Account Disabled.",
			**told,
		)
	else:
		site.insert(
			"Notification Log",
			document_type="Email Account",
			document_name="Support",
			for_user="Administrator",
			subject="Email Account Disabled.",
			**told,
		)


FAULT = Fault(
	title="Frappe switched an incoming account off",
	breaks=breaks,
	check="email.incoming_stopped",
	severity="critical",
	subjects=("Support",),
	runbook="fetch-mail-again",
)
