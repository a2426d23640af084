"""The durable record of runs, and who may work on what: one interface, kept in the site or beside it."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
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

	def __init__(self) -> None:
		#: The run that was told last and its last entry: a plan may have 10,000 changes, and is not read anew for each.
		self._told: tuple[Run, Entry] | None = None

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
	def entries(self, run_id: str, after: int = 0) -> list[Entry]:
		"""Return the entries of a run that follow a number, oldest first; none where there is no such run."""

	@abstractmethod
	def run_ids(self, most: int = 200) -> list[str]:
		"""Return the newest runs' ids, newest first."""

	@abstractmethod
	def lock(self, names: Sequence[str], run_id: str) -> AbstractContextManager[None]:
		"""Hold what no two runs may change at once, until the end of the block or of this process.

		Raises:
			LockedError: Somebody else holds one of them.
		"""

	def load(self, run_id: str, *, anew: bool = False) -> Run:
		"""Return a run.

		Args:
			run_id: The run.
			anew: All of its journal is read and compared with its seals, also what is known already.

		Raises:
			ConsoleError: There is no such run, or its journal was tampered with.
		"""
		if anew:
			self._told = None
		run = self._tell(run_id, lambda after: self.entries(run_id, after))
		if run is None:
			raise ConsoleError(
				f"There is no run {run_id} in {self.place}.",
				remedy="`recovery-console runs` lists them.",
			)
		return run

	def _tell(self, run_id: str, read: Callable[[int], list[Entry]]) -> Run | None:
		"""Return a run, of which only those entries are read that are not known; ``read`` is told after which."""
		if self._told is not None and self._told[0].id == run_id:
			run, last = self._told
			found = read(last.number - 1)
			if found and found[0] == last:
				return self._keep(run_id, found[1:], run, last)
		entries = read(0)
		return self._keep(run_id, entries) if entries else None

	def _keep(
		self, run_id: str, entries: Sequence[Entry], run: Run | None = None, last: Entry | None = None
	) -> Run:
		look_at_seals(run_id, entries, last)
		told = fold(run_id, entries, run)
		newest = entries[-1] if entries else last
		self._told = (told, newest) if newest is not None else None
		return told


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


def look_at_seals(run_id: str, entries: Iterable[Entry], before: Entry | None = None) -> None:
	"""Make sure that a journal is whole.

	Args:
		run_id: The run.
		entries: Its entries, oldest first.
		before: The entry that they follow; None where they are all.

	Raises:
		ConsoleError: An entry is missing or was changed.
	"""
	last = before.seal if before else ""
	for expected, entry in enumerate(entries, before.number + 1 if before else 1):
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
