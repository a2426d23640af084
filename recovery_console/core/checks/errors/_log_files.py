"""Errors in log files: read from their ends, within a limit, rotated and gzipped ones included."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from recovery_console.core.backends.files import StoredFile
from recovery_console.core.checks.errors._groups import LAST_WORDS, LoggedError
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.site import Site
from recovery_console.core.times import UTC

#: No more than this is looked at in all files together, and of a gzipped one unpacked.
MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 16 * 1024 * 1024
_CHUNK = 256 * 1024
#: What writes no errors of its own: statements, commands, timings.
_OTHERS = ("database.", "bench.", "monitor.", "cssutils.", "render-template.", "backup.")
_BEGINS = "Traceback (most recent call last):"
#: Frappe's own logs, then those of the web server.
_STAMP = re.compile(r"^\[?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:[,.](\d{3}))?(?: ([+-]\d{4})\])?", re.MULTILINE)
_CHAINED = ("During handling of the above", "The above exception was")


def read(site: Site, window: timedelta) -> tuple[list[LoggedError], int]:
	"""Return the errors of a window that stand in the log files of the bench and the site, and the bytes read.

	Frappe writes the same error to the bench's and the site's file: it is taken once. Errors without a time
	before them are left out, for they may be years old.
	"""
	left, read_bytes = MOST_BYTES, 0
	found: dict[tuple[datetime, str], LoggedError] = {}
	for file in _files(site, window):
		if left <= 0:
			break
		content = read_end(site, file, left)
		left, read_bytes = left - len(content), read_bytes + len(content)
		name = str(file.path.relative_to(site.bench))
		for at, text in tracebacks(content.decode("utf-8", "replace")):
			if site.now() - window <= at:
				found.setdefault((at, text), LoggedError(name, at, file.path.name, text[-LAST_WORDS:]))
	return list(found.values()), read_bytes


def _files(site: Site, window: timedelta) -> list[StoredFile]:
	"""Return the files that were written in the window: the site's own before the bench's, newest first."""
	since = site.now() - window
	return [
		file
		for folder, pattern in ((site.path / "logs", "*.log*"), (site.bench / "logs", "*.error.log*"))
		if site.files.exists(folder)
		for file in site.files.list(folder, pattern)
		if file.modified >= since and file.size_bytes and not file.path.name.startswith(_OTHERS)
	]


def read_end(site: Site, file: StoredFile, most: int) -> bytes:
	"""Return the last bytes of a log, also of one that is packed.

	Raises:
		SourceUnavailable: It cannot be read, or is damaged.
	"""
	if file.path.suffix != ".gz":
		return site.files.read_bytes(file.path, most, from_end=True)
	with site.files.reading(file.path) as packed:
		return _unpacked(packed, most, file.path)


def _unpacked(packed: BinaryIO, most: int, path: Path) -> bytes:
	kept, seen = b"", 0
	try:
		with gzip.open(packed) as content:
			while seen < MOST_UNPACKED and (chunk := content.read(_CHUNK)):
				seen += len(chunk)
				kept = (kept + chunk)[-most:]
	except (EOFError, gzip.BadGzipFile, OSError) as error:
		raise SourceUnavailable(
			"files",
			f"{path} cannot be unpacked: {error}.",
			remedy=f"Delete {path} if it is damaged: it is an old log.",
			kind="damaged",
		) from error
	return kept


def tracebacks(text: str) -> Iterator[tuple[datetime, str]]:
	"""Yield the tracebacks of a log that have a time before them, with that time."""
	lines = text.splitlines()
	at: datetime | None = None
	number = 0
	while number < len(lines):
		at = time_of(lines[number]) or at
		if _BEGINS not in lines[number]:
			number += 1
			continue
		end = _end(lines, number)
		if at is not None:
			yield at, "\n".join(lines[number:end])
		number = end


def _end(lines: list[str], start: int) -> int:
	"""Return the line after a traceback: frames, its exception, and those that it was raised from."""
	number = start + 1
	while number < len(lines) and (lines[number].startswith(" ") or not lines[number]):
		number += 1
	number += 1  # the exception itself
	following = number
	while following < len(lines) and not lines[following]:
		following += 1
	if following < len(lines) and lines[following].startswith(_CHAINED):
		again = next(
			(n for n in range(following, min(following + 4, len(lines))) if _BEGINS in lines[n]), None
		)
		return _end(lines, again) if again is not None else number
	return min(number, len(lines))


def time_of(line: str) -> datetime | None:
	"""Return the time at the beginning of a line; one without an offset is this machine's."""
	found = _STAMP.match(line)
	if not found:
		return None
	try:
		if found[3]:
			return datetime.strptime(f"{found[1]} {found[3]}", "%Y-%m-%d %H:%M:%S %z").astimezone(UTC)
		local = datetime.fromisoformat(f"{found[1]}.{found[2] or '000'}")
		return local.astimezone(UTC)
	except ValueError:
		return None
