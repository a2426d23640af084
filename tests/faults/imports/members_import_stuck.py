"""An import of members has been In Progress since a restart; another one began just now."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert(
		"Mijnrood CSV Import", name="members", import_status="In Progress", modified=site.hours_ago(30)
	)
	site.insert("Mijnrood CSV Import", name="now", import_status="In Progress", modified=site.hours_ago(1))


FAULT = Fault(
	title="An import of members never ended",
	breaks=breaks,
	check="imports.app_stuck",
	severity="warning",
	subjects=("members",),
	runbook="release-stuck-app-imports",
)
