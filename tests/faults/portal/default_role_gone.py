"""Portal Settings give new users a role that does not exist."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_single("Portal Settings", default_role="Visitor")


FAULT = Fault(
	title="Portal Settings give new users a role that does not exist",
	breaks=breaks,
	check="portal.roles_gone",
	severity="warning",
	count=1,
	subjects=("Visitor",),
)
