"""The only account that sends is no longer the default."""

from tests.faults import Fault
from tests.support.fill.email import ACCOUNT
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Email Account", ACCOUNT, default_outgoing=0)


FAULT = Fault(
	title="No outgoing account is the default one",
	breaks=breaks,
	check="email.outgoing_account",
	severity="critical",
	subjects=("Notifications",),
	runbook="choose-default-account",
	given={"account": "Notifications"},
)
