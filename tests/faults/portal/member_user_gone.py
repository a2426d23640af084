"""Members name a user who was deleted."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Member", {"user": "daan.mulder@example.org"}, user="gone@example.org")


FAULT = Fault(
	title="Members name a user who was deleted",
	breaks=breaks,
	check="portal.members",
	severity="warning",
	count=1,
	runbook="mend-members",
)
