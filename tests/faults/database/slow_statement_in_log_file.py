"""One statement is slow each time, says the slow log in its file."""

from tests.faults import Fault
from tests.faults.database._slow import run_a_slow_report, write_slow_log
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	write_slow_log(site, "FILE")
	run_a_slow_report(site)


FAULT = Fault(
	title="One statement is slow each time, says the slow log in its file",
	breaks=breaks,
	check="database.top_statements",
	severity="warning",
	databases=("mariadb",),
)
