"""What tests of journals write: a run, its first entry and notes; and processes that write at once."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
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


def children(*works: Callable[[], object]) -> list[int]:
	"""Do things in processes of their own at once; their exit statuses."""
	pids = []
	for work in works:
		pid = os.fork()
		if pid == 0:
			try:
				work()
				os._exit(0)
			except BaseException:  # noqa: BLE001 (a child ends here, whatever happens)
				traceback.print_exc(file=sys.__stderr__)
				os._exit(1)
		pids.append(pid)
	return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
