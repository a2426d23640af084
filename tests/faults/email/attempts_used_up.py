"""Frappe tried four times while the log-in was refused, and gave the mails up; now it works."""

from tests.faults import Fault
from tests.faults.email._mail import REFUSED_LOGIN, queue, use_server
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	use_server(site)
	for number in range(4):
		queue(site, f"lost{number}", status="Error", retry=3, error=REFUSED_LOGIN, minutes=180)


FAULT = Fault(
	title="Mails were given up after their last attempt",
	breaks=breaks,
	check="email.given_up",
	severity="critical",
	count=4,
	subjects=("lost0", "lost1", "lost2", "lost3"),
	runbook="retry-failed-mails",
)
