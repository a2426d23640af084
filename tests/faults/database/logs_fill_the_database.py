"""Logs are kept for ever and make up most of the database."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "database.log_tables", at_least_mib=0, share=0.0001)


FAULT = Fault(
	title="Logs are kept for ever and make up most of the database",
	breaks=breaks,
	check="database.log_tables",
	severity="warning",
	databases=("mariadb", "postgres"),
)
