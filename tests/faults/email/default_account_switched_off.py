"""The default outgoing account was switched off."""

from tests.faults import Fault
from tests.support.fill.email import ACCOUNT
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Email Account", ACCOUNT, enable_outgoing=0)


FAULT = Fault(
	title="The default outgoing account is switched off",
	breaks=breaks,
	check="email.outgoing_account",
	severity="critical",
	subjects=("Notifications",),
	runbook="choose-default-account",
)
