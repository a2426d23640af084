"""The copy that reports are read from is minutes behind."""

from tests.faults import Fault
from tests.faults.database._replica import follow, rest, run_a_job
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	rest(site, 3)
	follow(site, delay=3600)
	run_a_job(site, 1.5)


FAULT = Fault(
	title="The copy that reports are read from is behind",
	breaks=breaks,
	check="database.replica",
	severity="warning",
	databases=("mariadb",),
)
