"""Two-factor codes go by SMS, and there is no gateway."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import turn_two_factor_on
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	turn_two_factor_on(site, "SMS")


FAULT = Fault(
	title="Two-factor codes go by SMS, and there is no gateway",
	breaks=breaks,
	check="portal.two_factor",
	severity="critical",
	count=1,
	subjects=("two_factor_method",),
	runbook="mend-two-factor",
	given={"method": "OTP App"},
)
