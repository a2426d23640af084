"""A System User lost all roles in a clean-up."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.delete("Has Role", {"parent": "bram.visser@example.org"})


FAULT = Fault(
	title="A System User lost all roles in a clean-up",
	breaks=breaks,
	check="portal.user_roles",
	severity="warning",
	count=1,
	subjects=("bram.visser@example.org",),
	runbook="work-out-user-types",
)
