"""Nothing was fetched over Frappe Mail for five hours."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert(
		"Email Account",
		name="Support",
		email_account_name="Support",
		email_id="support@example.org",
		enable_incoming=1,
		service="Frappe Mail",
		api_key="key",
		last_synced_at=site.hours_ago(5),
	)
	site.set_password("Email Account", "Support", "secret", fieldname="api_secret")


FAULT = Fault(
	title="Frappe Mail is no longer asked for mail",
	breaks=breaks,
	check="email.incoming_stopped",
	severity="warning",
	subjects=("Support",),
	frappe=(16,),
)
