"""Five System Managers log in with a password alone."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import ADMIN, add_staff
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_staff(site, "m1@example.org", "m2@example.org", "m3@example.org", "m4@example.org", role=ADMIN)


FAULT = Fault(
	title="Five System Managers log in with a password alone",
	breaks=breaks,
	check="security.second_factor",
	severity="info",
	count=5,
	subjects=(
		"anna.bakker@example.org",
		"m1@example.org",
		"m2@example.org",
		"m3@example.org",
		"m4@example.org",
	),
	also=("security.admin_share",),
)
