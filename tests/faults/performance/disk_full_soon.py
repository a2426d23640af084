"""Five gibibytes of the disk go every day; it lasts for another week."""

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	for number in range(20):
		free = 35 + number * 5 / 4 + (0.4 if number % 2 else 0)
		console.snapshot(site.hours_ago(26 + 6 * number), measurements={"host.disk.free_gib": free})


FAULT = Fault(
	title="The disk will be full in a week",
	breaks=breaks,
	check="performance.capacity",
	severity="warning",
)
