"""Incidents beside the site: what is opened and noted in break-glass, until the site takes it in."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from recovery_console.core.appending import append_line, last_line, lines
from recovery_console.core.errors import ConsoleError, NotFoundError, OutputError
from recovery_console.core.file_journal import FOLDER
from recovery_console.core.journal import seal
from recovery_console.core.making.atomic import replace_file
from recovery_console.core.record import dataclass
from recovery_console.core.redact import redact
from recovery_console.core.times import UTC

#: Incidents that began beside the site have such names; others are those of the site.
PREFIX = "BG-"
OPENED, NOTE, STATUS = "opened", "note", "status"
_NAME = re.compile(r"[A-Z0-9][A-Za-z0-9-]{3,60}")


@dataclass(frozen=True)
class Entry:
	"""Something that was written down in break-glass.

	Args:
		number: Its place among those of its incident, from 1.
		at: When, UTC.
		actor: Who.
		kind: ``opened``, ``note`` or ``status``.
		data: ``title``, ``severity``, ``category`` and ``description``; or ``text``; or ``status`` and ``text``.
		seal: It holds the entry before, so that none can be changed or taken out.
	"""

	number: int
	at: datetime
	actor: str
	kind: str
	data: Mapping[str, Any]
	seal: str


@dataclass(frozen=True)
class TakenIn:
	"""How far the site has taken an incident in.

	Args:
		incident: Its name in the site; empty where the site has nothing of it.
		number: The last entry that is there.
	"""

	incident: str = ""
	number: int = 0


class IncidentsBeside:
	"""Keeps what is written in break-glass in ``private/recovery_console/incidents/<incident>.jsonl`` of the site.

	Args:
		site_path: Folder of the site.
	"""

	def __init__(self, site_path: Path) -> None:
		self._site_path = site_path
		self.folder = site_path / FOLDER / "incidents"

	def open(self, data: Mapping[str, Any], actor: str, now: datetime) -> str:
		"""Begin an incident and return its name.

		Args:
			data: ``title``, ``severity``, ``category`` and ``description``.
			actor: Who opens it.
			now: The present moment, aware.

		Raises:
			OutputError: It cannot be written.
		"""
		name = f"{PREFIX}{now.astimezone(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2).upper()}"
		self.add(name, OPENED, data, actor, now)
		return name

	def add(self, name: str, kind: str, data: Mapping[str, Any], actor: str, now: datetime) -> Entry:
		"""Write something down about an incident, redacted and durably.

		Raises:
			NotFoundError: No incident has such a name.
			OutputError: It cannot be written; what was there is untouched.
			ConsoleError: The file was changed by somebody else.
		"""
		path = self._path(name)
		made: list[Entry] = []

		def after(last: bytes | None) -> bytes:
			made.append(
				_sealed(name, _read(name, last) if last else None, kind, redact(dict(data)), actor, now)
			)
			return json.dumps(_as_dict(made[0]), ensure_ascii=False).encode()

		try:
			append_line(path, self._site_path, after)
		except OSError as error:
			raise OutputError(
				f"{path} cannot be written: {error.strerror or error}.",
				remedy="See the room on its disk and its rights; write it down on paper meanwhile.",
			) from error
		return made[0]

	def names(self) -> list[str]:
		"""Return the incidents of which something is kept here, oldest first."""
		if not self.folder.is_dir():
			return []
		found = [path for path in self.folder.glob("*.jsonl") if _NAME.fullmatch(path.stem)]
		return [path.stem for path in sorted(found, key=lambda path: (path.stat().st_mtime, path.stem))]

	def entries(self, name: str) -> list[Entry]:
		"""Return what is kept of an incident, oldest first; nothing where there is none.

		Raises:
			ConsoleError: It cannot be read, or an entry is missing or was changed.
		"""
		path = self._path(name)
		try:
			found = [_read(name, line) for line in lines(path)]
		except OSError as error:
			raise OutputError(
				f"{path} cannot be read: {error.strerror or error}.", remedy="Run as the bench's user."
			) from error
		_look_at_seals(name, found)
		return found

	def pending(self, name: str) -> list[Entry]:
		"""Return what the site has not taken in yet."""
		return [entry for entry in self.entries(name) if entry.number > self.taken(name).number]

	def waits(self, name: str) -> bool:
		"""Tell whether anything is still to be taken in, without reading it all."""
		last = last_line(self._path(name))
		return last is not None and _read(name, last).number > self.taken(name).number

	def taken(self, name: str) -> TakenIn:
		"""Return how far the site has taken an incident in."""
		try:
			kept = json.loads(self._mark(name).read_text("utf-8"))
			return TakenIn(str(kept["incident"]), int(kept["number"]))
		except FileNotFoundError:
			return TakenIn() if name.startswith(PREFIX) else TakenIn(name)
		except (OSError, ValueError, KeyError, TypeError) as error:
			raise OutputError(
				f"{self._mark(name)} cannot be read: {error}.",
				remedy="Remove it: what the site has already is not taken in twice.",
			) from error

	def mark_taken(self, name: str, taken: TakenIn) -> None:
		"""Write down how far the site has taken an incident in.

		Raises:
			SourceUnavailable: It cannot be written.
		"""
		replace_file(
			self._mark(name), json.dumps({"incident": taken.incident, "number": taken.number}).encode()
		)

	def _mark(self, name: str) -> Path:
		return self._path(name).with_suffix(".taken")

	def _path(self, name: str) -> Path:
		if not _NAME.fullmatch(name):
			raise NotFoundError(
				f"{name[:80]!r} is not the name of an incident.", remedy="`incident list --all` lists them."
			)
		return self.folder / f"{name}.jsonl"


def _sealed(
	name: str, last: Entry | None, kind: str, data: Mapping[str, Any], actor: str, now: datetime
) -> Entry:
	number, at = (last.number + 1 if last else 1), now.astimezone(UTC)
	before = last.seal if last else ""
	return Entry(number, at, actor, kind, data, seal(name, number, at.isoformat(), actor, kind, data, before))


def _as_dict(entry: Entry) -> dict[str, Any]:
	return {**entry.__dict__, "at": entry.at.isoformat(), "data": dict(entry.data)}


def _read(name: str, line: bytes) -> Entry:
	try:
		found = json.loads(line)
		return Entry(
			number=int(found["number"]),
			at=datetime.fromisoformat(found["at"]).astimezone(UTC),
			actor=str(found["actor"]),
			kind=str(found["kind"]),
			data=dict(found["data"]),
			seal=str(found["seal"]),
		)
	except (ValueError, KeyError, TypeError) as error:
		raise _changed(name, "a line") from error


def _look_at_seals(name: str, entries: list[Entry]) -> None:
	last = ""
	for expected, entry in enumerate(entries, 1):
		fits = seal(name, entry.number, entry.at.isoformat(), entry.actor, entry.kind, entry.data, last)
		if entry.number != expected or entry.seal != fits:
			raise _changed(name, f"entry {expected}")
		last = entry.seal


def _changed(name: str, what: str) -> ConsoleError:
	return ConsoleError(
		f"In the record of incident {name} beside the site, {what} is damaged, missing or was changed.",
		remedy="Look at its file in private/recovery_console/incidents, and do not trust what it says.",
	)
