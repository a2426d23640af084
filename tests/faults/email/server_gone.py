"""Nothing listens any more where the mail server was; mails fail."""

from tests.faults import Fault
from tests.faults.email._mail import REFUSED_CONNECTION, queue, use_server
from tests.support.sample import SampleSite
from tests.support.services import free_port


def breaks(site: SampleSite) -> None:
	use_server(site, smtp_port=str(free_port()))
	queue(site, "waits", retry=1, error=REFUSED_CONNECTION, minutes=6)


FAULT = Fault(
	title="Nothing listens on the mail server's port",
	breaks=breaks,
	check="email.server",
	severity="critical",
	subjects=("Notifications",),
)
