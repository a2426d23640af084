"""The role that every Desk user has was deleted."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.delete("Role", "Desk User")


FAULT = Fault(
	title="The role that every Desk user has was deleted",
	breaks=breaks,
	check="portal.roles_gone",
	severity="warning",
	count=1,
	subjects=("Desk User",),
	runbook="restore-roles",
)
