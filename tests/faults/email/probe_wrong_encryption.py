"""Use SSL is ticked for a port on which the server speaks plainly."""

from tests.faults import Fault
from tests.faults.email._mail import use_server
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	use_server(site, use_ssl_for_outgoing=1)


FAULT = Fault(
	title="The account asks for SSL on a plain port",
	breaks=breaks,
	check="email.smtp_probe",
	severity="critical",
	subjects=("Notifications",),
	runbook="set-mail-server",
	given={"account": "Notifications", "encryption": "none"},
)
