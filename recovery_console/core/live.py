"""A diagnosis while it runs, written beside the site: whoever looks can follow it, whatever else is down.

Neither Redis nor a worker is needed, and the database is not asked. One file holds the latest diagnosis; the process
that writes it keeps it locked, so nobody takes a diagnosis whose process died for one that goes on.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from recovery_console.core.record import dataclass

#: Inside the site's folder.
FILE = Path("private") / "recovery_console" / "diagnosis.jsonl"
#: At most so much is read at once; who follows asks again.
_MOST_BYTES = 512 * 1024
_ATTEMPTS = 20
_PAUSE = 0.02


@dataclass(frozen=True)
class Seen:
	"""How far a diagnosis is.

	Args:
		id: Which diagnosis; empty where there was none.
		is_running: Whether its process still lives and has not ended it.
		by: Who asked for it.
		started: When, UTC, as text.
		done: How many checks have answered.
		total: Of how many.
		checks: What they said, as the report holds it, from ``after`` on.
		after: From here on the next answer is to be read.
		snapshot: Name of the snapshot, once it has ended.
		error: Why it ended without one.
	"""

	id: str = ""
	is_running: bool = False
	by: str = ""
	started: str = ""
	done: int = 0
	total: int = 0
	checks: tuple[Mapping[str, Any], ...] = field(default=())
	after: int = 0
	snapshot: str = ""
	error: str = ""


class Live:
	"""The file of a diagnosis that is running, open for writing."""

	def __init__(self, file: IO[str]) -> None:
		self._file = file

	def add(self, check: Mapping[str, Any], done: int, total: int) -> None:
		"""Write down what a check said."""
		self.write({"check": check, "done": done, "total": total})

	def end(self, *, snapshot: str = "", error: str = "") -> None:
		"""Write down how it ended. What the checks said is let go of: it is in the snapshot."""
		with contextlib.suppress(OSError):
			self._file.seek(0)
			head = self._file.readline()
			self._file.seek(0)
			self._file.write(head + _text({"end": {"snapshot": snapshot, "error": error}}))
			self._file.truncate()

	def write(self, line: Mapping[str, Any]) -> None:
		"""Add a line. Where it cannot be written, as on a full disk, only those who follow miss something."""
		with contextlib.suppress(OSError):
			self._file.write(_text(line))
			self._file.flush()


@contextlib.contextmanager
def begin(site_path: Path, *, by: str, now: datetime) -> Iterator[Live | None]:
	"""Open the file for a diagnosis that begins. None where it cannot be written: then nobody can follow.

	Args:
		site_path: The site's folder.
		by: Who asked for it.
		now: The present moment; it also is the diagnosis' id.
	"""
	path = site_path / FILE
	try:
		path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
		handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
	except OSError:
		yield None
		return
	with os.fdopen(handle, "r+", encoding="utf-8") as file:
		if not _lock(file):
			yield None  # on another machine that shares this folder one is running already
			return
		live = Live(file)
		with contextlib.suppress(OSError):
			file.truncate()
		live.write({"id": now.isoformat(), "by": by, "started": now.isoformat()})
		yield live


def _lock(file: IO[str]) -> bool:
	"""Lock the file. Who follows holds it for a moment, too: that is waited for."""
	for _attempt in range(_ATTEMPTS):
		try:
			fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except OSError:
			time.sleep(_PAUSE)
		else:
			return True
	return False


def follow(site_path: Path, *, of: str = "", after: int = 0) -> Seen:
	"""Return how far the latest diagnosis of a site is.

	Args:
		site_path: The site's folder.
		of: Id of the diagnosis that was followed so far.
		after: What the last answer said; it counts only for that diagnosis.
	"""
	try:
		with (site_path / FILE).open("rb") as file:
			return _read(file, of, after)
	except OSError:
		return Seen()


def _read(file: IO[bytes], of: str, after: int) -> Seen:
	is_locked = _is_locked(file)
	head = _line(file.readline())
	ends = file.tell()
	if not head.get("id"):
		return Seen()
	file.seek(max(ends, after if head["id"] == of else 0))
	begins = file.tell()
	whole = file.read(_MOST_BYTES)
	whole = whole[: whole.rfind(b"\n") + 1]
	lines = [_line(line) for line in whole.splitlines()]
	if not lines and not is_locked:  # it was cut short at its end, or its process died
		file.seek(ends)
		lines = [line for line in map(_line, file.read().splitlines()[-1:]) if "end" in line]
	said = [line for line in lines if "check" in line]
	ended = next((line["end"] for line in lines if "end" in line), None)
	return Seen(
		id=str(head["id"]),
		is_running=is_locked and ended is None,
		by=str(head.get("by") or ""),
		started=str(head.get("started") or ""),
		done=int(said[-1]["done"]) if said else 0,
		total=int(said[-1]["total"]) if said else 0,
		checks=tuple(line["check"] for line in said),
		after=begins + len(whole),
		snapshot=str(ended["snapshot"]) if ended else "",
		error=str(ended["error"]) if ended else "",
	)


def _is_locked(file: IO[bytes]) -> bool:
	"""Tell whether the process that writes is alive: asking takes the lock for a moment, and shared."""
	try:
		fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
	except OSError:
		return True
	fcntl.flock(file, fcntl.LOCK_UN)
	return False


def _text(line: Mapping[str, Any]) -> str:
	return json.dumps(line, ensure_ascii=False, default=str) + "\n"


def _line(text: bytes) -> dict[str, Any]:
	try:
		found = json.loads(text)
	except ValueError:
		return {}
	return found if isinstance(found, dict) else {}
