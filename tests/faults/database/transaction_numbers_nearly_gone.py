"""PostgreSQL is about to refuse all changes."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "database.wraparound", warning_age=1, critical_age=1)


FAULT = Fault(
	title="PostgreSQL is about to refuse all changes",
	breaks=breaks,
	check="database.wraparound",
	severity="critical",
	databases=("postgres",),
)
