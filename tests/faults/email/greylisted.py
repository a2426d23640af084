"""The other side puts every mail off: they wait for another attempt."""

from tests.faults import Fault
from tests.faults.email._mail import queue, refused_recipient, use_server
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	use_server(site)
	for number in range(3):
		address = f"someone{number}@example.com"
		error = refused_recipient(address, 451, "4.7.1 Greylisted, please try again later")
		queue(site, f"later{number}", address, retry=1, error=error, minutes=30)


FAULT = Fault(
	title="Mails are put off by greylisting (451)",
	breaks=breaks,
	check="email.retrying",
	severity="warning",
	count=3,
	subjects=("later0", "later1", "later2"),
	runbook="give-mails-their-attempts-back",
)
