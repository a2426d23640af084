"""A role was disabled by SQL and its users still have it."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Role", "Accounts Manager", disabled=1)


FAULT = Fault(
	title="A role was disabled by SQL and its users still have it",
	breaks=breaks,
	check="portal.roles_gone",
	severity="warning",
	count=1,
	subjects=("Accounts Manager",),
	runbook="restore-roles",
)
