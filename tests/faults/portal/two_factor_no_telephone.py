"""Two-factor codes go by SMS, and a user has no telephone number."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import turn_two_factor_on
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	turn_two_factor_on(site, "SMS", role="Accounts Manager")
	site.set_single("SMS Settings", sms_gateway_url="https://sms.example.org")


FAULT = Fault(
	title="Two-factor codes go by SMS, and a user has no telephone number",
	breaks=breaks,
	check="portal.two_factor",
	also=("security.second_factor",),
	severity="warning",
	count=1,
	subjects=("bram.visser@example.org",),
	runbook="mend-two-factor",
	given={"method": "OTP App"},
)
