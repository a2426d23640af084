"""The token expired, and the provider gave no refresh token."""

from tests.faults import Fault
from tests.support.fill.email import ACCOUNT
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert("Connected App", name="app1", provider_name="Office")
	site.insert(
		"Token Cache",
		name="app1-Administrator",
		user="Administrator",
		connected_app="app1",
		expires_in=3600,
		modified=site.hours_ago(2),
	)
	site.set_password("Token Cache", "app1-Administrator", "a token", fieldname="access_token")
	site.update(
		"Email Account", ACCOUNT, auth_method="OAuth", connected_app="app1", connected_user="Administrator"
	)


FAULT = Fault(
	title="An OAuth token expired and cannot be renewed",
	breaks=breaks,
	check="email.oauth",
	severity="critical",
	subjects=("Notifications",),
)
