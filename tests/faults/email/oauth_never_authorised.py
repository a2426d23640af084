"""The account was changed to OAuth and nobody pressed Authorize."""

from tests.faults import Fault
from tests.support.fill.email import ACCOUNT
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert("Connected App", name="app1", provider_name="Office")
	site.update(
		"Email Account", ACCOUNT, auth_method="OAuth", connected_app="app1", connected_user="Administrator"
	)


FAULT = Fault(
	title="An OAuth account was never authorised",
	breaks=breaks,
	check="email.oauth",
	severity="critical",
	subjects=("Notifications",),
)
