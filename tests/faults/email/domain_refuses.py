"""One domain blocks this server while every other takes its mails."""

from tests.faults import Fault
from tests.faults.email._mail import queue, refused_recipient, use_server
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	use_server(site)
	for number in range(6):
		address = f"member{number}@blocked.example"
		error = refused_recipient(address, 554, "5.7.1 Blocked by policy")
		queue(site, f"blocked{number}", address, status="Error", retry=3, error=error, minutes=600 + number)
	queue(site, "arrived", sent=("chair@blocked.example",), status="Sent", minutes=2000)


FAULT = Fault(
	title="One recipient domain refuses the site's mails",
	breaks=breaks,
	check="email.recipient_domains",
	severity="warning",
	count=6,
	subjects=("blocked0", "blocked5"),
	also=("email.given_up",),
	runbook="remove-refused-mails",
	given={"older_than": "1 h"},
)
