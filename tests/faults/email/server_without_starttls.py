"""The account asks for STARTTLS, which this server does not offer; mails fail."""

from tests.faults import Fault
from tests.faults.email._mail import NOT_SUPPORTED, queue, use_server
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	use_server(site, use_tls=1)
	queue(site, "waits", retry=1, error=NOT_SUPPORTED, minutes=6)


FAULT = Fault(
	title="The mail server offers no STARTTLS",
	breaks=breaks,
	check="email.server",
	severity="critical",
	subjects=("Notifications",),
	runbook="set-mail-server",
	given={"account": "Notifications", "encryption": "none"},
)
