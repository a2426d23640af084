"""An active member's user is disabled."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("User", "eva.bos@example.org", enabled=0)


FAULT = Fault(
	title="An active member's user is disabled",
	breaks=breaks,
	check="portal.members",
	severity="warning",
	count=1,
)
