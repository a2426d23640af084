"""The default account lost its SMTP server."""

from tests.faults import Fault
from tests.support.fill.email import ACCOUNT
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Email Account", ACCOUNT, smtp_server="")


FAULT = Fault(
	title="The default account names no mail server",
	breaks=breaks,
	check="email.outgoing_account",
	severity="critical",
	subjects=("Notifications",),
	runbook="set-mail-server",
	given={"account": "Notifications", "server": "mail.example.org", "try_first": False},
)
