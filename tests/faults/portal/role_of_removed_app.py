"""Users have roles of an app that was removed."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for user, role in (
		("anna.bakker@example.org", "Librarian"),
		("bram.visser@example.org", "Librarian"),
		("bram.visser@example.org", "Event Organiser"),
	):
		site.insert("Has Role", parent=user, parenttype="User", role=role)


FAULT = Fault(
	title="Users have roles of an app that was removed",
	breaks=breaks,
	check="portal.roles_gone",
	severity="warning",
	count=2,
	subjects=(
		"Librarian",
		"Event Organiser",
	),
	runbook="remove-lost-roles",
)
