"""An import emptied the user of two members."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Member", {"user": ["daan.mulder@example.org", "eva.bos@example.org"]}, user=None)


FAULT = Fault(
	title="An import emptied the user of two members",
	breaks=breaks,
	check="portal.members",
	severity="warning",
	count=2,
	runbook="mend-members",
)
