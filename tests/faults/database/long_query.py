"""A report has been running for long."""

from tests.faults import Fault
from tests.faults.database._help import run_beside
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "database.long_queries", longer_than="1 s")
	sleep = "SLEEP(30)" if site.database.dialect == "mariadb" else "PG_SLEEP(30)"
	run_beside(site, f"SELECT {sleep}", seconds=2.2)


FAULT = Fault(
	title="A report has been running for long",
	breaks=breaks,
	check="database.long_queries",
	severity="warning",
	databases=("mariadb", "postgres"),
	runbook="end-long-queries",
	given={"longer_than": "1 s"},
)
