"""One account became System Manager."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import ADMIN, add_staff, give_role
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	give_role(site, "bram.visser@example.org", ADMIN, days=3)
	add_staff(site, "profiled@example.org", role=ADMIN, days=1)
	site.update("User", "profiled@example.org", role_profile_name="Management", creation=site.days_ago(100))


FAULT = Fault(
	title="One account became System Manager",
	breaks=breaks,
	check="security.admin_growth",
	severity="info",
	count=1,
	subjects=("bram.visser@example.org",),
)
