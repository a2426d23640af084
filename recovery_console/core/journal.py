"""The durable record of runs, and who may work on what: one interface, kept in the site or beside it."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from recovery_console.core.errors import ConsoleError
from recovery_console.core.fold import fold
from recovery_console.core.run import Entry, EntryKind, Run
from recovery_console.core.times import UTC


class LockedError(ConsoleError):
	"""Somebody else is at work on the same thing."""

	exit_status = 75


class Journal(ABC):
	"""Keeps the entries of runs. An entry that ``append`` returned survives a crash of everything."""

	#: Where it is kept, for messages.
	place: str = ""

	@abstractmethod
	def append(self, run_id: str, kind: EntryKind, data: Mapping[str, Any], actor: str) -> Entry:
		"""Write one entry down, durably.

		Raises:
			ConsoleError: It could not be written; then nothing may be changed.
		"""

	@abstractmethod
	def last(self, run_id: str) -> Entry | None:
		"""Return the newest entry of a run; None where there is no such run."""

	@abstractmethod
	def entries(self, run_id: str) -> list[Entry]:
		"""Return the entries of a run, oldest first; none where there is no such run."""

	@abstractmethod
	def run_ids(self, most: int = 200) -> list[str]:
		"""Return the newest runs' ids, newest first."""

	@abstractmethod
	def lock(self, names: Sequence[str], run_id: str) -> AbstractContextManager[None]:
		"""Hold what no two runs may change at once, until the end of the block or of this process.

		Raises:
			LockedError: Somebody else holds one of them.
		"""

	def load(self, run_id: str) -> Run:
		"""Return a run.

		Raises:
			ConsoleError: There is no such run, or its journal was tampered with.
		"""
		entries = self.entries(run_id)
		if not entries:
			raise ConsoleError(
				f"There is no run {run_id} in {self.place}.",
				remedy="`recovery-console runs` lists them.",
			)
		look_at_seals(run_id, entries)
		return fold(run_id, entries)


def seal(run_id: str, number: int, at: str, actor: str, kind: str, data: Mapping[str, Any], last: str) -> str:
	"""Return the seal of an entry: it holds the one before, so that no entry can be changed or taken out."""
	text = json.dumps([run_id, number, at, actor, kind, data, last], sort_keys=True)
	return hashlib.sha256(text.encode()).hexdigest()


def sealed(run_id: str, last: Entry | None, kind: EntryKind, data: Mapping[str, Any], actor: str) -> Entry:
	"""Return the entry that follows the last one."""
	at = datetime.now(UTC)
	number = last.number + 1 if last else 1
	kept = json.loads(json.dumps(data))
	before = last.seal if last else ""
	return Entry(
		number, at, actor, kind, kept, seal(run_id, number, at.isoformat(), actor, kind.value, kept, before)
	)


def look_at_seals(run_id: str, entries: Iterable[Entry]) -> None:
	"""Make sure that a journal is whole.

	Raises:
		ConsoleError: An entry is missing or was changed.
	"""
	last = ""
	for expected, entry in enumerate(entries, 1):
		fits = seal(
			run_id, entry.number, entry.at.isoformat(), entry.actor, entry.kind.value, entry.data, last
		)
		if entry.number != expected or entry.seal != fits:
			raise ConsoleError(
				f"Entry {expected} of the journal of run {run_id} is missing or was changed.",
				remedy="Trust nothing that it says: compare the site by hand, and start a new run for the rest.",
			)
		last = entry.seal


def entry_as_dict(entry: Entry) -> dict[str, Any]:
	"""Return an entry as JSON can hold it."""
	return {
		"number": entry.number,
		"at": entry.at.isoformat(),
		"actor": entry.actor,
		"kind": entry.kind.value,
		"data": entry.data,
		"seal": entry.seal,
	}


def read_entry(written: Mapping[str, Any]) -> Entry:
	"""Return the entry that ``entry_as_dict`` wrote down."""
	return Entry(
		number=int(written["number"]),
		at=datetime.fromisoformat(written["at"]),
		actor=written["actor"],
		kind=EntryKind(written["kind"]),
		data=written["data"],
		seal=written["seal"],
	)
