"""The watchman elsewhere is not reached any more; one failed call before it was an accident."""

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite

REFUSED = "watchman.example.org refuses the connection."


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	calls = ("Failed", "Failed", "Failed", "Sent", "Failed", "Sent")
	for number, heartbeat in enumerate(calls):
		error = REFUSED if heartbeat == "Failed" else None
		at = site.hours_ago(0.4 + number)
		console.snapshot(at, name=f"call-{number}", heartbeat=heartbeat, heartbeat_error=error)


FAULT = Fault(
	title="The watchman elsewhere hears nothing",
	breaks=breaks,
	check="console.heartbeat",
	severity="warning",
	count=3,
	subjects=("call-0", "call-1", "call-2"),
)
