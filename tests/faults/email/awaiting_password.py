"""An account that fetches mail still awaits its password: Frappe leaves it out."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert(
		"Email Account",
		name="Support",
		email_account_name="Support",
		email_id="support@example.org",
		enable_incoming=1,
		email_server="imap.example.org",
		awaiting_password=1,
	)


FAULT = Fault(
	title="An incoming account awaits its password",
	breaks=breaks,
	check="email.account_login",
	severity="warning",
	subjects=("Support",),
	runbook="store-mail-password",
	given={"account": "Support", "password": "a new one"},
)
