"""An active member's user lost the role for the member portal."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.delete("Has Role", {"parent": "eva.bos@example.org", "role": "Verenigingen Member"})


FAULT = Fault(
	title="An active member's user lost the role for the member portal",
	breaks=breaks,
	check="portal.members",
	severity="warning",
	count=1,
	runbook="mend-members",
)
