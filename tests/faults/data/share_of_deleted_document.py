"""A share waits for the next document of that name."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert(
		"DocShare", user="bram.visser@example.org", share_doctype="Customer", share_name="Gone", read=1
	)


FAULT = Fault(
	title="A share waits for the next document of that name",
	breaks=breaks,
	check="data.orphaned_activity",
	severity="warning",
	count=1,
	subjects=("Gone",),
	runbook="delete-orphaned-activity",
)
