"""Files of the bench. Paths are relative to the bench's folder and never lead out of it."""

from __future__ import annotations

from typing import Any

from recovery_console.core.edits.base import ABSENT, Absent, Edit, Target
from recovery_console.core.finding import Subject
from recovery_console.core.record import dataclass


@dataclass(frozen=True)
class _FileEdit(Edit):
	path: str

	@property
	def target(self) -> Target:
		return Target.FILES

	@property
	def subject(self) -> Subject:
		return Subject("Path", self.path)


@dataclass(frozen=True)
class FileText(_FileEdit):
	"""Write, replace or remove a small file as a whole (at most a few MiB: the journal holds both).

	Args:
		path: Relative to the bench.
		before: Its bytes now; ``ABSENT`` where there is no file.
		after: Its bytes afterwards; ``ABSENT`` removes it.
		mode: Rights of a file that is created.
	"""

	before: bytes | Absent
	after: bytes | Absent
	mode: int = 0o600

	def reversed(self) -> FileText:
		return FileText(self.path, self.after, self.before, self.mode)

	def shown(self) -> list[tuple[str, Any, Any]]:
		before, after = (
			"not there" if value is ABSENT else f"{len(value)} bytes" for value in (self.before, self.after)
		)
		return [("content", before, after)]


@dataclass(frozen=True)
class FileMove(_FileEdit):
	"""Move a file or folder within the bench, onto a name that is free.

	Args:
		path: Where it is, relative to the bench.
		to: Where it will be, relative to the bench; missing folders are made.
	"""

	to: str

	def reversed(self) -> FileMove:
		return FileMove(self.to, self.path)

	def shown(self) -> list[tuple[str, Any, Any]]:
		return [("path", self.path, self.to)]


@dataclass(frozen=True)
class FileMode(_FileEdit):
	"""Change the rights of a file or folder.

	Args:
		path: Relative to the bench.
		before: Its rights now, such as ``0o644``.
		after: Its rights afterwards.
	"""

	before: int
	after: int

	def reversed(self) -> FileMode:
		return FileMode(self.path, self.after, self.before)

	def shown(self) -> list[tuple[str, Any, Any]]:
		return [("rights", f"{self.before:o}", f"{self.after:o}")]


@dataclass(frozen=True)
class FileRemoval(_FileEdit):
	"""Delete a file for good, to free its room. Cannot be taken back.

	Args:
		path: Relative to the bench.
		size: Its size in bytes when it was planned: a file that has changed since is left alone.
		modified_ns: When it was last changed, in nanoseconds since 1970.
	"""

	size: int
	modified_ns: int

	reversible = False

	def shown(self) -> list[tuple[str, Any, Any]]:
		return [("file", f"{self.size} bytes", "deleted for good")]
