"""A reader never ends, and the write-ahead log grows."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "database.write_ahead_log", at_most_mib=2)
	site.sql("PRAGMA wal_autocheckpoint = 0")
	site.sql("CREATE TABLE ballast (content BLOB)")
	site.sql("INSERT INTO ballast VALUES (zeroblob(4000000))")


FAULT = Fault(
	title="A reader never ends, and the write-ahead log grows",
	breaks=breaks,
	check="database.write_ahead_log",
	severity="warning",
	databases=("sqlite",),
	runbook="take-in-write-ahead-log",
)
