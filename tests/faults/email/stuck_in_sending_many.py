"""Over twenty mails have been stuck in Sending since a restart in the middle of a mailing."""

from tests.faults import Fault
from tests.faults.email._mail import queue
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number in range(25):
		queue(site, f"stuck{number:02}", status="Sending", minutes=16 + number)


FAULT = Fault(
	title="A restart in the middle of a mailing left 25 mails in Sending",
	breaks=breaks,
	check="email.stuck_sending",
	severity="critical",
	count=25,
	subjects=("stuck24",),
	runbook="release-stuck-emails",
)
