"""Two addresses do not exist: the mail server refuses them for good."""

from tests.faults import Fault
from tests.faults.email._mail import queue, refused_recipient, use_server
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	use_server(site)
	for name in ("gone", "typo"):
		address = f"{name}@example.com"
		queue(site, name, address, status="Error", retry=3, error=refused_recipient(address), minutes=180)


FAULT = Fault(
	title="Recipients do not exist (550)",
	breaks=breaks,
	check="email.given_up",
	severity="warning",
	count=2,
	subjects=("gone", "typo"),
	runbook="remove-refused-mails",
	given={"older_than": "1 h"},
)
