"""The scheduler process ended in the night; every switch says that all is well."""

from tests.faults import Fault
from tests.faults.scheduler._times import let_it_rest
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	let_it_rest(site, 9)


FAULT = Fault(
	title="The scheduler process ended nine hours ago",
	breaks=breaks,
	check="scheduler.alive",
	severity="critical",
	also=("scheduler.overdue",),
)
