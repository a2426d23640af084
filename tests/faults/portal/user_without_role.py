"""Somebody signed up and got no role."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import add_user
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	add_user(site, "visitor@example.org")


FAULT = Fault(
	title="Somebody signed up and got no role",
	breaks=breaks,
	check="portal.user_roles",
	severity="info",
	count=1,
	subjects=("visitor@example.org",),
	runbook="give-role",
	given={"role": "Customer", "names": ["visitor@example.org"]},
)
