"""The password of the sending account was changed at the provider."""

from tests.faults import Fault
from tests.faults.email._mail import REFUSED_LOGIN, queue, use_server
from tests.support.fill.email import ADDRESS
from tests.support.sample import SampleSite

CHANGED = "tr0ub4dor & three"


def breaks(site: SampleSite) -> None:
	use_server(site, users=((ADDRESS, CHANGED),))
	for number in range(2):
		queue(site, f"waits{number}", retry=1, error=REFUSED_LOGIN, minutes=6)


FAULT = Fault(
	title="The mail account's password was changed at the provider",
	breaks=breaks,
	check="email.server",
	severity="critical",
	subjects=("Notifications",),
	runbook="store-mail-password",
	given={"account": "Notifications", "password": CHANGED},
)
