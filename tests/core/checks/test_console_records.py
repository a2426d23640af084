"""The console's own records: what only looks like a break is none."""

from __future__ import annotations

from tests.conftest import look_at
from tests.support.console import Console, install_console
from tests.support.sample import SampleSite


def status(site: SampleSite, check: str) -> str:
	[result] = look_at(site, check).results
	return result.status.value


def restored(console: Console, incident: str, lines: int) -> None:
	"""Make an incident as it was when it had so many lines, as a restored backup does."""
	console.data.delete("Incident Event", {"incident": incident, "number": (">", lines)})
	console.data.update("Incident", incident, lines=lines)


def test_a_restored_backup_makes_timelines_shorter_and_breaks_none(site: SampleSite) -> None:
	console = install_console(site)
	console.incident("RC-INC-2026-00003", "One", "Two", "Three")
	restored(console, "RC-INC-2026-00003", 2)
	assert status(site, "console.timeline_chain") == "ok"
	console.data.delete("Incident", "RC-INC-2026-00003")  # its lines tell nothing without it
	assert status(site, "console.timeline_chain") == "ok"


def test_a_line_that_was_put_in_breaks_it(site: SampleSite) -> None:
	console = install_console(site)
	console.incident("RC-INC-2026-00003", "One", "Two")
	console.incident("RC-INC-2026-00004", "One", "Two", "Three")
	console.data.update("Incident", "RC-INC-2026-00004", lines=2)
	[result] = look_at(site, "console.timeline_chain").results
	assert [subject.name for subject in result.findings[0].subjects] == ["RC-INC-2026-00004"]
	assert result.findings[0].evidence["where"] == "RC-INC-2026-00004 from line 3"


def test_a_journal_locked_on_another_machine_is_no_break(site: SampleSite) -> None:
	console = install_console(site)
	console.run("RC-RUN-LOCKED")
	console.data.update("Runbook Run Entry", {"run": "RC-RUN-LOCKED", "number": 3}, data='{"locked": "gAAA"}')
	assert status(site, "console.journal_chain") == "ok"
	console.data.update("Runbook Run Entry", {"run": "RC-RUN-LOCKED", "number": 3}, data="half of i")
	assert status(site, "console.journal_chain") == "critical"
