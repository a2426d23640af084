"""Three accounts became System Manager within a week."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import ADMIN, add_staff, give_role
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_staff(site, "new1@example.org", "new2@example.org", role=ADMIN, days=2)
	give_role(site, "bram.visser@example.org", ADMIN, days=6.9)
	add_staff(site, *(f"clerk{number}@example.org" for number in range(12)))
	add_staff(site, "earlier@example.org", role=ADMIN, days=7.1)


FAULT = Fault(
	title="Three accounts became System Manager within a week",
	breaks=breaks,
	check="security.admin_growth",
	severity="warning",
	count=3,
	subjects=("new1@example.org", "new2@example.org", "bram.visser@example.org"),
	runbook="remove-system-managers",
	given={"names": ["new1@example.org", "new2@example.org"]},
)
