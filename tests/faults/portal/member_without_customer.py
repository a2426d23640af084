"""A member's customer was deleted past Frappe."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Member", {"user": "daan.mulder@example.org"}, customer="Gone Customer")


FAULT = Fault(
	title="A member's customer was deleted past Frappe",
	breaks=breaks,
	check="portal.members",
	severity="warning",
	count=1,
)
