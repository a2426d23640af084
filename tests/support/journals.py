"""What tests of journals write: a run, its first entry and notes; and processes that write at once."""

from __future__ import annotations

from typing import Any

from recovery_console.core.journal import Journal
from recovery_console.core.run import Entry, EntryKind

RUN = "RC-RUN-20261122-0000000A"
OTHER = "RC-RUN-20261122-0000000B"
CREATED: dict[str, Any] = {
	"runbook": "bake-bread",
	"title": "Bake <b>bread</b>",
	"site": "erp.example.org",
	"reason": "hungry",
	"parameters": {"$": "map", "v": {"password": "hunter2", "names": ["a"]}},
	"verify": [],
	"before": {},
	"steps": [{"kind": "manual", "title": "Heat <the> oven"}],
}
NOTES = [
	"",
	"ä\u2028\u2029\u0085\x1c\x00",
	"\ud800",
	"🍞" * 1000,
	"'; DROP TABLE `tabUser`; --",
	"x" * 200_000,
]


def note(journal: Journal, text: str, run: str = RUN) -> Entry:
	return journal.append(run, EntryKind.NOTE, {"text": text}, "me@example.org")


def begin(journal: Journal, run: str = RUN) -> Entry:
	return journal.append(run, EntryKind.CREATED, CREATED, "me@example.org")
