"""Reading a backup from beginning to end, in memory, in bounded time; nothing is written anywhere."""

from __future__ import annotations

import re
import time
import zlib
from dataclasses import dataclass, field

from recovery_console.core.backends.files import Files, StoredFile
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.finding import _

_CHUNK = 1024 * 1024
_OVERLAP = 256
_TABLE = re.compile(rb"CREATE TABLE (?:IF NOT EXISTS )?(?:\"?public\"?\.)?[`\"]?([^`\"(]{1,64}?)[`\"]? ?\(")
_VERSION = re.compile(rb"^-- version = (\S{1,60})", re.MULTILINE)
_ENDS = (b"Dump completed", b"PostgreSQL database dump complete")
GZIP = b"\x1f\x8b\x08"
_DAMAGED = _("it breaks off or is damaged after {0} files.")
_SQLITE = b"SQLite format 3\0"


class Deadline:
	"""Ends a long reading in time."""

	def __init__(self, seconds: float) -> None:
		self.seconds = seconds
		self.ends = time.monotonic() + seconds

	def check(self) -> None:
		"""Go on while there is time.

		Raises:
			SourceUnavailable: The time is over.
		"""
		if time.monotonic() > self.ends:
			raise SourceUnavailable(
				"files",
				f"The backup could not be read to its end within {self.seconds:.0f} s.",
				remedy="Give the check more time, or test the backup by restoring it to a spare site.",
				kind="timeout",
			)


@dataclass
class Dump:
	"""What a database dump holds."""

	problem: str = ""
	version: str = ""
	tables: set[str] = field(default_factory=set)
	size_bytes: int = 0


def read_dump(source: Files, part: StoredFile, deadline: Deadline) -> Dump:
	"""Unpack a dump in memory and look at all of it."""
	import gzip  # loaded where it is needed: each module costs every diagnosis its time

	dump = Dump()
	head, tail = b"", b""
	try:
		with source.reading(part.path) as raw, gzip.GzipFile(fileobj=raw) as file:
			while chunk := file.read(_CHUNK):
				deadline.check()
				head = head or chunk
				seen = tail[-_OVERLAP:] + chunk
				dump.tables |= {name.decode("utf-8", "replace") for name in _TABLE.findall(seen)}
				dump.size_bytes += len(chunk)
				tail = seen[-4096:]
	except (EOFError, gzip.BadGzipFile, zlib.error):
		dump.problem = _("it breaks off or is damaged after {0} MiB.").format(dump.size_bytes // 1024**2)
		return dump
	found = _VERSION.search(head[:8192])
	dump.version = found[1].decode("utf-8", "replace") if found else ""
	dump.problem = _end_problem(head, tail, dump)
	return dump


def _end_problem(head: bytes, tail: bytes, dump: Dump) -> str:
	if head.startswith(_SQLITE):
		page = int.from_bytes(head[16:18], "big")
		pages = int.from_bytes(head[28:32], "big")
		size = pages * (65536 if page == 1 else page)
		return _("the database in it is shorter than it says.") if dump.size_bytes < size else ""
	if not any(end in tail for end in _ENDS):
		return _("the dump has no end: the program that wrote it was interrupted.")
	if "__Auth" not in dump.tables:
		return _("the table of the passwords (__Auth) is not in it.")
	return ""


def read_archive(source: Files, part: StoredFile, deadline: Deadline) -> tuple[int, str]:
	"""Return how many files an archive lists, and what is wrong with it."""
	import tarfile  # loaded where it is needed: each module costs every diagnosis its time

	count = 0
	try:
		with source.reading(part.path) as raw, tarfile.open(fileobj=raw, mode="r|*") as archive:
			for _entry in archive:
				deadline.check()
				count += 1
			after = archive.offset
	except (tarfile.TarError, EOFError, OSError, zlib.error):
		return count, _DAMAGED.format(count)
	return count, "" if _ends_at(source, part, after) else _DAMAGED.format(count)


def _ends_at(source: Files, part: StoredFile, offset: int) -> bool:
	"""Tell whether a plain archive ends where reading stopped: tarfile takes a damaged entry for the end, too."""
	with source.reading(part.path) as file:
		if file.read(3) == GZIP:
			return True  # has a checksum of its own
		file.seek(offset)
		return not file.read(512).strip(b"\0")
