"""System Managers left and their accounts stayed."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import ADMIN, add_staff
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_staff(site, "left@example.org", role=ADMIN, active_days=181, days=900)
	add_staff(site, "never@example.org", role=ADMIN, active_days=None, days=91)
	add_staff(site, "fresh@example.org", role=ADMIN, active_days=None, days=89)
	add_staff(site, "holiday@example.org", active_days=179, days=900)


FAULT = Fault(
	title="System Managers left and their accounts stayed",
	breaks=breaks,
	check="security.unused_accounts",
	severity="warning",
	count=2,
	subjects=("left@example.org", "never@example.org"),
	runbook="disable-users",
	given={"names": ["left@example.org", "never@example.org"]},
)
