"""A migrate waits for a table that an open transaction has read."""

from tests.faults import Fault
from tests.faults.database._help import hold, run_beside
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "database.waiting", longer_than="1 s")
	hold(site, "SELECT COUNT(*) FROM `tabMode of Payment`")
	run_beside(site, "ALTER TABLE `tabMode of Payment` COMMENT = 'same'", seconds=2.2)


FAULT = Fault(
	title="A migrate waits for a table that an open transaction has read",
	breaks=breaks,
	check="database.waiting",
	severity="warning",
	databases=("mariadb",),
	blinds=True,
)
