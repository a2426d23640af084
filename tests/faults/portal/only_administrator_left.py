"""The last System Manager lost the role."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.delete("Has Role", {"parent": "anna.bakker@example.org", "role": "System Manager"})


FAULT = Fault(
	title="The last System Manager lost the role",
	breaks=breaks,
	check="portal.system_managers",
	severity="warning",
	count=1,
	subjects=("System Manager",),
)
