"""The site's configuration came from a copy for tests: mute_emails was left in it."""

from tests.faults import Fault
from tests.faults.email._mail import queue
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(mute_emails=1)
	queue(site, "held", minutes=20)


FAULT = Fault(
	title="mute_emails was left in the configuration",
	breaks=breaks,
	check="email.switched_off",
	severity="warning",
	subjects=("site_config.json",),
	runbook="unmute-mail",
	given={"real_site": True},
)
