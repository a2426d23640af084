"""Two-factor authentication has a method that no version knows."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import turn_two_factor_on
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	turn_two_factor_on(site, "Telegram")


FAULT = Fault(
	title="Two-factor authentication has a method that no version knows",
	breaks=breaks,
	check="portal.two_factor",
	severity="critical",
	count=1,
	subjects=("two_factor_method",),
	runbook="mend-two-factor",
	given={"method": "Email"},
)
