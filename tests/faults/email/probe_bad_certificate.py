"""The mail server shows a certificate that nobody vouches for."""

from tests.faults import Fault
from tests.faults.email._mail import use_server
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	use_server(site, starttls=True, use_tls=1)


FAULT = Fault(
	title="The mail server's certificate is self-signed",
	breaks=breaks,
	check="email.smtp_probe",
	severity="info",
	subjects=("Notifications",),
)
