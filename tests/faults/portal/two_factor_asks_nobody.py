"""Two-factor authentication was switched on past its form, and no role asks for it."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_single("System Settings", enable_two_factor_auth=1, two_factor_method="OTP App")


FAULT = Fault(
	title="Two-factor authentication was switched on past its form, and no role asks for it",
	breaks=breaks,
	check="portal.two_factor",
	severity="info",
	count=1,
	subjects=("enable_two_factor_auth",),
)
