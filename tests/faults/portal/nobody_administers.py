"""The last System Manager and Administrator are disabled."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import add_user
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.delete("Has Role", {"parent": "anna.bakker@example.org", "role": "System Manager"})
	site.update("User", "Administrator", enabled=0)
	add_user(site, "former@example.org", "System Manager", enabled=False, user_type="System User")


FAULT = Fault(
	title="The last System Manager and Administrator are disabled",
	breaks=breaks,
	check="portal.system_managers",
	severity="critical",
	count=1,
	subjects=("System Manager",),
)
