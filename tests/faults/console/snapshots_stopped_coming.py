"""No snapshot for five hours, although the scheduler says that it runs them."""

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	console.data.delete("Health Snapshot", {"creation": (">", site.hours_ago(5))})


FAULT = Fault(
	title="Snapshots stopped coming",
	breaks=breaks,
	check="console.snapshots_late",
	severity="warning",
	count=4,
)
