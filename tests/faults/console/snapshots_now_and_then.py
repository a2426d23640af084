"""Every second and third hour lacks its snapshot."""

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	console = install_console(site, snapshots=0)
	for number in range(0, 27, 3):
		console.snapshot(site.hours_ago(0.5 + number))


FAULT = Fault(
	title="Snapshots come now and then",
	breaks=breaks,
	check="console.snapshots_late",
	severity="warning",
	count=8,
)
