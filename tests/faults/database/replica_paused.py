"""Taking in changes was paused on the standby that reports are read from, and never resumed."""

from tests.faults import Fault
from tests.faults.database._replica import follow_in_postgres
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	follow_in_postgres(site).admin("SELECT pg_wal_replay_pause()")


FAULT = Fault(
	title="The standby that reports are read from was paused",
	breaks=breaks,
	check="database.replica",
	severity="critical",
	databases=("postgres",),
)
