"""A worker was killed while it sent mails; one of them had already reached somebody."""

from tests.faults import Fault
from tests.faults.email._mail import queue
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	queue(site, "stuck1", status="Sending", minutes=120)
	queue(site, "stuck2", "b@example.com", sent=("a@example.com",), status="Sending", minutes=1900)
	queue(site, "fresh", status="Sending", minutes=14)


FAULT = Fault(
	title="A worker was killed while it sent mails",
	breaks=breaks,
	check="email.stuck_sending",
	severity="critical",
	count=2,
	subjects=("stuck1", "stuck2"),
	runbook="release-stuck-emails",
)
