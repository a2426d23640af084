"""The database file was copied with a tool that changed its journal."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.sql("PRAGMA journal_mode = DELETE")


FAULT = Fault(
	title="The database file was copied with a tool that changed its journal",
	breaks=breaks,
	check="database.journal_mode",
	severity="warning",
	databases=("sqlite",),
	runbook="let-sqlite-read-while-writing",
)
