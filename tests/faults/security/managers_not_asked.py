"""Two-factor authentication leaves the System Managers out."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import ADMIN, add_staff
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_staff(site, "boss@example.org", role=ADMIN)
	site.update("Role", "Website Manager", two_factor_auth=1)
	site.set_single("System Settings", enable_two_factor_auth=1, two_factor_method="OTP App")


FAULT = Fault(
	title="Two-factor authentication leaves the System Managers out",
	breaks=breaks,
	check="security.second_factor",
	severity="warning",
	count=1,
	subjects=("boss@example.org",),
	runbook="ask-for-second-factor",
)
