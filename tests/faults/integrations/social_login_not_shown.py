"""A social login is switched on and does not appear."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert(
		"Social Login Key", name="github", provider_name="GitHub", client_id="client", enable_social_login=1
	)
	site.set_password("Social Login Key", "github", "kept", fieldname="client_secret")


FAULT = Fault(
	title="A social login is switched on and does not appear",
	breaks=breaks,
	check="integrations.social_login",
	severity="warning",
	count=1,
	subjects=("github",),
	runbook="open-the-login-page",
)
