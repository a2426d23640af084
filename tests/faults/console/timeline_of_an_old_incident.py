"""A line of an old incident was taken out: it has its turn this hour."""

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	for number in range(100, 119):
		console.incident(f"RC-INC-2026-{number:05}", "Seen")
	for number in range(3):
		console.incident(f"RC-INC-2025-{number:05}", "Seen", "Over", creation=site.days_ago(300 + number))
	console.data.delete("Incident Event", {"incident": "RC-INC-2025-00001", "number": 1})


FAULT = Fault(
	title="A timeline of an old incident was cut",
	breaks=breaks,
	check="console.timeline_chain",
	severity="critical",
	subjects=("RC-INC-2025-00001",),
)
