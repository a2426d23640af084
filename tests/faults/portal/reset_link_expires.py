"""Links to reset a password expire before their mail arrives."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_single("System Settings", reset_password_link_expiry_duration=299)


FAULT = Fault(
	title="Links to reset a password expire before their mail arrives",
	breaks=breaks,
	check="portal.reset_link",
	severity="warning",
	count=1,
	subjects=("reset_password_link_expiry_duration",),
	runbook="lengthen-reset-links",
)
