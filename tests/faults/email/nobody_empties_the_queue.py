"""Mails have been due for hours and nothing tried them; one lies ahead on purpose."""

from tests.faults import Fault
from tests.faults.email._mail import queue
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Email Queue", {"status": "Sent"}, modified=site.hours_ago(80))
	queue(site, "due1", minutes=300)
	queue(site, "due2", minutes=600, send_after=site.hours_ago(2))
	queue(site, "later", minutes=600, send_after=site.hours_ago(-2))


FAULT = Fault(
	title="Nothing empties the mail queue",
	breaks=breaks,
	check="email.starving",
	severity="critical",
	count=2,
	subjects=("due1", "due2"),
	runbook="empty-mail-queue",
)
