"""The journal beside the site: one append-only file per run, for when the site cannot keep records."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from recovery_console.core.appending import append_line, last_line, lines
from recovery_console.core.errors import ConsoleError, OutputError
from recovery_console.core.journal import Journal, entry_as_dict, read_entry, sealed
from recovery_console.core.locks import file_locks
from recovery_console.core.making.atomic import as_owner_of, sync_folder
from recovery_console.core.run import Entry, EntryKind

#: Inside the site's folder; closed to other users of the machine, for it holds what rows held before.
FOLDER = Path("private") / "recovery_console"
_ID = re.compile(r"[A-Z0-9][A-Z0-9-]{3,60}")


class FileJournal(Journal):
	"""Keeps each run in ``private/recovery_console/runs/<run>.jsonl`` of the site.

	Args:
		site_path: Folder of the site.
	"""

	def __init__(self, site_path: Path) -> None:
		super().__init__()
		self._site_path = site_path
		self.folder = site_path / FOLDER / "runs"
		self.locks = site_path / FOLDER / "locks"
		self.place = str(self.folder)

	def append(self, run_id: str, kind: EntryKind, data: Mapping[str, Any], actor: str) -> Entry:
		path = self._path(run_id)
		made: list[Entry] = []

		def after(last: bytes | None) -> bytes:
			self._look_at_mark(run_id)
			made.append(sealed(run_id, _read(run_id, last) if last else None, kind, data, actor))
			return json.dumps(entry_as_dict(made[0])).encode()

		try:
			append_line(path, self._site_path, after)
		except OSError as error:
			raise OutputError(
				f"The journal {path} cannot be written: {error.strerror or error}.",
				remedy="See the room on its disk and its rights, then resume the run.",
				changed="Nothing is changed without a journal; what the run had done before stands in it.",
			) from error
		return made[0]

	def last(self, run_id: str) -> Entry | None:
		path = self._path(run_id)
		try:
			last = last_line(path)
		except OSError as error:
			raise _unreadable(path, error) from error
		return _read(run_id, last) if last else None

	def entries(self, run_id: str, after: int = 0) -> list[Entry]:
		path = self._path(run_id)
		try:
			return [_read(run_id, line) for line in lines(path)[after:]]
		except OSError as error:
			raise _unreadable(path, error) from error

	def run_ids(self, most: int = 200) -> list[str]:
		if not self.folder.is_dir():
			return []
		named = [path for path in self.folder.glob("*.jsonl") if _ID.fullmatch(path.stem)]
		found = sorted(named, key=lambda path: path.stat().st_mtime, reverse=True)
		return [path.stem for path in found[:most]]

	def mark_taken(self, run_id: str) -> None:
		"""Close the journal of a run that the site keeps from now on: only one of the two may grow.

		Whoever calls this holds the run's lock.

		Raises:
			OutputError: The mark cannot be written.
		"""
		mark = self._mark(run_id)
		try:
			mark.touch(0o600)
			as_owner_of(self._site_path, mark)
			sync_folder(self.folder)
		except OSError as error:
			raise OutputError(
				f"{mark} cannot be written: {error.strerror or error}.",
				remedy="See the room on its disk and its rights.",
			) from error

	def is_taken(self, run_id: str) -> bool:
		"""Tell whether the site keeps a run from now on."""
		return self._mark(run_id).exists()

	def _mark(self, run_id: str) -> Path:
		return self._path(run_id).with_suffix(".taken")

	def _look_at_mark(self, run_id: str) -> None:
		if self.is_taken(run_id):
			raise OutputError(
				f"The run {run_id} was taken into the site and is kept there now.",
				remedy=f"Go on with it there: recovery-console resume {run_id}.",
				changed="What the run had done before stands in its journal.",
			)

	def lock(self, names: Sequence[str], run_id: str) -> AbstractContextManager[None]:
		return file_locks(self.locks, names, run_id)

	def _path(self, run_id: str) -> Path:
		if not _ID.fullmatch(run_id):
			raise OutputError(
				f"{run_id[:80]!r} is not the name of a run.", remedy="`recovery-console runs` lists them."
			)
		return self.folder / f"{run_id}.jsonl"


def _read(run_id: str, line: bytes) -> Entry:
	try:
		return read_entry(json.loads(line))
	except (ValueError, KeyError, TypeError) as error:
		raise ConsoleError(
			f"The journal of run {run_id} has a line that is none: it is damaged or was changed.",
			remedy="Trust nothing that it says: compare the site by hand, and start a new run for the rest.",
		) from error


def _unreadable(path: Path, error: OSError) -> OutputError:
	return OutputError(
		f"The journal {path} cannot be read: {error.strerror or error}.", remedy="Run as the bench's user."
	)
