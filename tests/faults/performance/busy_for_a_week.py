"""For a week the machine has had more to do than it can; memory was short on two days only."""

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	for number in range(30):
		console.snapshot(
			site.hours_ago(26 + 6 * number),
			measurements={
				"host.load.load_per_core": 0.5 if number % 10 == 0 else 1.4,
				"host.memory.used_percent": 95 if number < 8 else 50,
			},
		)


FAULT = Fault(
	title="The machine is busy for a week",
	breaks=breaks,
	check="performance.scaling",
	severity="warning",
	subjects=("host.load.load_per_core",),
)
