"""Autovacuum has not frozen rows for a very long time."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "database.wraparound", warning_age=1)


FAULT = Fault(
	title="Autovacuum has not frozen rows for a very long time",
	breaks=breaks,
	check="database.wraparound",
	severity="warning",
	databases=("postgres",),
)
