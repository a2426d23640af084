"""Two members were linked with the same user."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Member", {"user": "daan.mulder@example.org"}, user="eva.bos@example.org")


FAULT = Fault(
	title="Two members were linked with the same user",
	breaks=breaks,
	check="portal.members",
	severity="warning",
	count=1,
	subjects=("eva.bos@example.org",),
)
