"""The copy that reports are read from no longer carries out changes: somebody stopped its SQL thread."""

from tests.faults import Fault
from tests.faults.database._replica import follow
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	follow(site).admin("STOP SLAVE SQL_THREAD")


FAULT = Fault(
	title="The SQL thread of the copy that reports are read from was stopped",
	breaks=breaks,
	check="database.replica",
	severity="critical",
	databases=("mariadb",),
)
