"""Somebody changed a line of an incident's timeline in the database, and took the last of another."""

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	console.incident("RC-INC-2026-00003", "One", "Two", "Three", "Four")
	console.incident("RC-INC-2026-00004", "One", "Two")
	console.data.update("Incident Event", {"incident": "RC-INC-2026-00003", "number": 2}, detail="Nothing")
	console.data.delete("Incident Event", {"incident": "RC-INC-2026-00004", "number": 2})


FAULT = Fault(
	title="Timelines were changed in the database",
	breaks=breaks,
	check="console.timeline_chain",
	severity="critical",
	count=2,
	subjects=("RC-INC-2026-00003", "RC-INC-2026-00004"),
)
