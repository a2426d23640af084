"""Two-factor codes go by mail, and the site has no account to send from."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import stop_outgoing_mail, turn_two_factor_on
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	turn_two_factor_on(site, "Email")
	stop_outgoing_mail(site)


FAULT = Fault(
	title="Two-factor codes go by mail, and the site has no account to send from",
	breaks=breaks,
	check="portal.two_factor",
	severity="critical",
	count=1,
	subjects=("two_factor_method",),
	also=("email.outgoing_account",),
	runbook="mend-two-factor",
)
