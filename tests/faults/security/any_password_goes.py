"""Any password is accepted, and nobody is stopped from guessing."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_single("System Settings", enable_password_policy=0, allow_consecutive_login_attempts=0)


FAULT = Fault(
	title="Any password is accepted, and nobody is stopped from guessing",
	breaks=breaks,
	check="security.sign_in_rules",
	severity="warning",
	count=2,
	subjects=("enable_password_policy", "allow_consecutive_login_attempts"),
	runbook="set-sign-in-rules",
)
