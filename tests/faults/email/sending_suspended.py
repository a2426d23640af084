"""Somebody pressed Suspend Sending during a clean-up and never resumed."""

from tests.faults import Fault
from tests.faults.email._mail import queue
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_default("suspend_email_queue", 1)
	queue(site, "held", minutes=20)


FAULT = Fault(
	title="The mail queue is suspended",
	breaks=breaks,
	check="email.switched_off",
	severity="critical",
	subjects=("suspend_email_queue",),
	runbook="resume-sending",
)
