"""The mail server would refuse the log-in; no mail has failed yet."""

from tests.faults import Fault
from tests.faults.email._mail import use_server
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	use_server(site, "refuse login")


FAULT = Fault(
	title="A test shows that the log-in is refused",
	breaks=breaks,
	check="email.smtp_probe",
	severity="critical",
	subjects=("Notifications",),
)
