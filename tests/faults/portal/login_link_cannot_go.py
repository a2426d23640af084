"""Passwords are refused, and the site cannot mail the links that should replace them."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import stop_outgoing_mail
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_single("System Settings", disable_user_pass_login=1, login_with_email_link=1)
	stop_outgoing_mail(site)


FAULT = Fault(
	title="Passwords are refused, and the site cannot mail the links that should replace them",
	breaks=breaks,
	check="portal.password_login",
	severity="critical",
	count=1,
	subjects=("disable_user_pass_login",),
	also=("email.outgoing_account",),
	runbook="allow-password-login",
)
