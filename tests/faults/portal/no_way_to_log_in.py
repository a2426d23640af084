"""Passwords are refused, and the provider that should replace them has no secret."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_single("System Settings", disable_user_pass_login=1, login_with_email_link=0)
	site.insert(
		"Social Login Key", name="google", provider_name="Google", enable_social_login=1, client_id="example"
	)


FAULT = Fault(
	title="Passwords are refused, and the provider that should replace them has no secret",
	breaks=breaks,
	check="portal.password_login",
	also=("integrations.social_login",),  # the only key for another way is the one that does not work
	severity="critical",
	count=1,
	subjects=("disable_user_pass_login",),
	runbook="allow-password-login",
)
