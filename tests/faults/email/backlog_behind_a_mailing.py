"""More mails come in than go out: some wait for long while others are sent."""

from tests.faults import Fault
from tests.faults.email._mail import queue
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	queue(site, "sent", sent=("a@example.com",), status="Sent", minutes=3)
	for number in range(3):
		queue(site, f"waits{number}", minutes=45)


FAULT = Fault(
	title="Mails wait behind a mailing while others go out",
	breaks=breaks,
	check="email.starving",
	severity="warning",
	count=3,
	subjects=("waits0", "waits1", "waits2"),
)
