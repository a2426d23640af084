"""A social login without its secret breaks the login page."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert(
		"Social Login Key",
		name="office_365",
		provider_name="Office 365",
		client_id="client",
		base_url="https://login.example.org",
		enable_social_login=1,
	)


FAULT = Fault(
	title="A social login without its secret breaks the login page",
	breaks=breaks,
	check="integrations.social_login",
	severity="critical",
	count=1,
	subjects=("office_365",),
	runbook="open-the-login-page",
)
