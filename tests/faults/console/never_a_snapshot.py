"""The console was set up weeks ago and never took a snapshot by itself."""

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	install_console(site, snapshots=0)


FAULT = Fault(
	title="The console never took a snapshot",
	breaks=breaks,
	check="console.snapshots_late",
	severity="warning",
)
