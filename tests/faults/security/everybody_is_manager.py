"""The role System Manager was given to all who asked."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import ADMIN, add_staff
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_staff(site, "m1@example.org", "m2@example.org", "m3@example.org", "m4@example.org", role=ADMIN)


FAULT = Fault(
	title="The role System Manager was given to all who asked",
	breaks=breaks,
	check="security.admin_share",
	severity="warning",
	count=5,
	subjects=(
		"anna.bakker@example.org",
		"m1@example.org",
		"m2@example.org",
		"m3@example.org",
		"m4@example.org",
	),
	runbook="remove-system-managers",
	given={"names": ["m1@example.org", "m2@example.org"]},
)
