"""Staff left and their accounts stayed."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import add_staff
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_staff(
		site, "left1@example.org", "left2@example.org", "program@example.org", active_days=300, days=900
	)
	site.update("User", "program@example.org", api_key="of a program")


FAULT = Fault(
	title="Staff left and their accounts stayed",
	breaks=breaks,
	check="security.unused_accounts",
	severity="info",
	count=2,
	subjects=("left1@example.org", "left2@example.org"),
	runbook="disable-users",
	given={"names": ["left1@example.org", "left2@example.org"]},
)
