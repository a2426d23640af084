"""A migration of the ledger stopped in the night and still says In Progress."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert(
		"E-Boekhouden Migration",
		name="ledger",
		migration_name="Ledger",
		migration_status="In Progress",
		total_records=900,
		modified=site.hours_ago(9),
	)


FAULT = Fault(
	title="A ledger migration never ended",
	breaks=breaks,
	check="imports.app_stuck",
	severity="warning",
	subjects=("ledger",),
	runbook="release-stuck-app-imports",
)
