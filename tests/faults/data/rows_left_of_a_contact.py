"""A contact was deleted past the form."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number in range(3):
		site.insert("Contact Email", parent="Gone", email_id=f"gone{number}@example.org")


FAULT = Fault(
	title="A contact was deleted past the form",
	breaks=breaks,
	check="data.orphaned_rows",
	severity="warning",
	count=3,
	subjects=("Gone",),
	runbook="delete-orphaned-rows",
)
