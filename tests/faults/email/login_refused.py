"""The mail server refuses the log-in since the password was changed there; mails fail."""

from tests.faults import Fault
from tests.faults.email._mail import REFUSED_LOGIN, queue, use_server
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	use_server(site, "refuse login")
	for number in range(3):
		queue(site, f"waits{number}", status="Not Sent", retry=2, error=REFUSED_LOGIN, minutes=6)


FAULT = Fault(
	title="The mail server refuses the log-in (535)",
	breaks=breaks,
	check="email.server",
	severity="critical",
	subjects=("Notifications",),
)
