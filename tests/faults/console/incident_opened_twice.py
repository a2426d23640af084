"""The index that keeps a problem from being opened twice was lost, and one was."""

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	console.incident("RC-INC-2026-00003", "Seen", open_key="the same")
	console.incident("RC-INC-2026-00004", "Seen", open_key="the same")
	console.incident("RC-INC-2026-00005", "Seen", open_key="another")


FAULT = Fault(
	title="A problem has two open incidents",
	breaks=breaks,
	check="console.incident_twice",
	severity="warning",
	count=2,
	subjects=("RC-INC-2026-00003", "RC-INC-2026-00004"),
)
