"""A mailing to many people was cut off in the middle."""

from tests.faults import Fault
from tests.faults.email._mail import queue
from tests.support.sample import SampleSite

SERVED = tuple(f"first{number}@example.com" for number in range(4))
WAITING = tuple(f"rest{number}@example.com" for number in range(5))


def breaks(site: SampleSite) -> None:
	queue(site, "mailing", *WAITING, sent=SERVED, status="Sending", minutes=50)


FAULT = Fault(
	title="A mailing to many people was cut off in the middle",
	breaks=breaks,
	check="email.stuck_sending",
	severity="critical",
	subjects=("mailing",),
	runbook="release-stuck-emails",
)
