"""Files that only grow, line by line; half a line that a crash left is none."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from recovery_console.core.making.atomic import as_owner_of, sync_folder

_PIECE = 64 * 1024


def append_line(path: Path, site_path: Path, make: Callable[[bytes | None], bytes]) -> None:
	"""Add a line to a file, durably, one process at a time. It and its folder are closed to other users.

	Args:
		path: The file, two folders below what belongs to the site; it is made.
		site_path: The site's folder, whose owner owns it.
		make: Is given the last whole line, None where there is none, and returns the new one, without its end.
	"""
	path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
	descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
	try:
		fcntl.flock(descriptor, fcntl.LOCK_EX)
		as_owner_of(site_path, path.parent.parent, path.parent, path)
		end = whole(descriptor)
		last = _last(descriptor, end)
		line = make(last)
		os.ftruncate(descriptor, end)
		_write_all(descriptor, line + b"\n", end)
		os.fsync(descriptor)
		if last is None:
			sync_folder(path.parent)
	finally:
		os.close(descriptor)


def last_line(path: Path) -> bytes | None:
	"""Return the last whole line of a file; None where there is none."""
	try:
		descriptor = os.open(path, os.O_RDONLY)
	except FileNotFoundError:
		return None
	try:
		return _last(descriptor, whole(descriptor))
	finally:
		os.close(descriptor)


def lines(path: Path) -> list[bytes]:
	"""Return the whole lines of a file, oldest first; none where there is no file."""
	try:
		return path.read_bytes().split(b"\n")[:-1]
	except FileNotFoundError:
		return []


def whole(descriptor: int) -> int:
	"""Return the length of a file up to the end of its last whole line."""
	return _line_end_before(descriptor, os.fstat(descriptor).st_size)


def _line_end_before(descriptor: int, position: int) -> int:
	while position > 0:
		start = max(0, position - _PIECE)
		found = os.pread(descriptor, position - start, start).rfind(b"\n")
		if found >= 0:
			return start + found + 1
		position = start
	return 0


def _last(descriptor: int, end: int) -> bytes | None:
	if not end:
		return None
	start = _line_end_before(descriptor, end - 1)
	return os.pread(descriptor, end - start, start)


def _write_all(descriptor: int, content: bytes, position: int) -> None:
	while content:
		written = os.pwrite(descriptor, content, position)
		content, position = content[written:], position + written
