"""Most of the database was deleted, its file is as large as ever."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "database.wasted_space", at_least_mib=2, share=0.1)
	site.sql("CREATE TABLE ballast (content BLOB)")
	site.sql("INSERT INTO ballast VALUES (zeroblob(4000000))")
	site.sql("DROP TABLE ballast")


FAULT = Fault(
	title="Most of the database was deleted, its file is as large as ever",
	breaks=breaks,
	check="database.wasted_space",
	severity="info",
	databases=("sqlite",),
	runbook="give-back-database-space",
)
