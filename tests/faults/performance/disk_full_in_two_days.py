"""Something eats the disk: in two days it is full."""

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	for number in range(20):
		console.snapshot(
			site.hours_ago(26 + 4 * number), measurements={"host.disk.free_gib": 50 + number * 4}
		)


FAULT = Fault(
	title="The disk will be full in two days",
	breaks=breaks,
	check="performance.capacity",
	severity="critical",
)
