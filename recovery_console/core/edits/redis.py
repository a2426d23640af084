"""Keys of the bench's two Redis servers. Keys and members are given as Redis keeps them."""

from __future__ import annotations

import zlib
from typing import Any, Literal

from recovery_console.core.edits.base import ABSENT, Absent, Edit, Target
from recovery_console.core.finding import Subject
from recovery_console.core.record import dataclass

Server = Literal["cache", "queue"]
#: Hashes whose fields are ids of sessions: such an id opens the site to whoever knows it.
_SESSIONS = frozenset({b"session", b"last_db_session_update"})
#: How compressed values begin, whatever the level.
_COMPRESSED = (b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")
#: So many bytes of an unpacked value are shown at most.
_MOST_SHOWN = 4000


@dataclass(frozen=True)
class _RedisEdit(Edit):
	server: Server
	key: bytes

	@property
	def target(self) -> Target:
		return Target(self.server)

	@property
	def subject(self) -> Subject:
		return Subject(f"Redis {self.server}", self.key.decode("utf-8", "replace"))


@dataclass(frozen=True)
class KeyEdit(_RedisEdit):
	"""Make, replace or delete a whole key.

	Args:
		server: ``cache`` or ``queue``.
		key: The key.
		before: What ``DUMP`` returns for it now; ``ABSENT`` where there is none.
		after: What it will be, in the form of ``DUMP``; ``ABSENT`` deletes it.
		expires_at_ms: When the key that is brought back expires, in milliseconds since 1970; 0 for never.
	"""

	before: bytes | Absent
	after: bytes | Absent
	expires_at_ms: int = 0

	def reversed(self) -> KeyEdit:
		return KeyEdit(self.server, self.key, self.after, self.before, self.expires_at_ms)

	def shown(self) -> list[tuple[str, Any, Any]]:
		before, after = ("not there" if value is ABSENT else "there" for value in (self.before, self.after))
		return [("key", before, after)]


@dataclass(frozen=True)
class HashEdit(_RedisEdit):
	"""Set or take out one field of a hash; ``before`` and ``after`` are its bytes or ``ABSENT``."""

	field: bytes
	before: bytes | Absent
	after: bytes | Absent

	def reversed(self) -> HashEdit:
		return HashEdit(self.server, self.key, self.field, self.after, self.before)

	def shown(self) -> list[tuple[str, Any, Any]]:
		if self.key.rpartition(b"|")[2] in _SESSIONS:
			before, after = (
				"not there" if value is ABSENT else "kept secret" for value in (self.before, self.after)
			)
			return [("session", before, after)]
		return [(_text(self.field), _text(self.before), _text(self.after))]


@dataclass(frozen=True)
class ListEdit(_RedisEdit):
	"""Put an element at the end of a list, or take it out.

	Args:
		server: ``cache`` or ``queue``.
		key: The list.
		element: The element.
		before: Whether it is in the list now.
		after: Whether it will be.
		follows: The element that it stood behind, so that it can be put back there; ``ABSENT`` for the head.
			None: it goes to the end.
	"""

	element: bytes
	before: bool
	after: bool
	follows: bytes | Absent | None = None

	def reversed(self) -> ListEdit:
		return ListEdit(self.server, self.key, self.element, self.after, self.before, self.follows)

	def shown(self) -> list[tuple[str, Any, Any]]:
		before, after = ("in the list" if there else "not there" for there in (self.before, self.after))
		return [(_text(self.element), before, after)]


@dataclass(frozen=True)
class SetEdit(_RedisEdit):
	"""Put a member into a set, or take it out."""

	member: bytes
	before: bool
	after: bool

	def reversed(self) -> SetEdit:
		return SetEdit(self.server, self.key, self.member, self.after, self.before)

	def shown(self) -> list[tuple[str, Any, Any]]:
		before, after = ("in the set" if there else "not there" for there in (self.before, self.after))
		return [(_text(self.member), before, after)]


@dataclass(frozen=True)
class SortedSetEdit(_RedisEdit):
	"""Set the score of a member of a sorted set, or take it out; scores are numbers or ``ABSENT``."""

	member: bytes
	before: float | Absent
	after: float | Absent

	def reversed(self) -> SortedSetEdit:
		return SortedSetEdit(self.server, self.key, self.member, self.after, self.before)

	def shown(self) -> list[tuple[str, Any, Any]]:
		before, after = ("not there" if value is ABSENT else value for value in (self.before, self.after))
		return [(_text(self.member), before, after)]


@dataclass(frozen=True)
class CacheDrop(_RedisEdit):
	"""Drop what Frappe keeps only for speed, so that it reads the changed rows: a key, or one field of a hash.

	Frappe fills such a key again whenever it likes, so nothing is compared, and taking it back is dropping it
	again: what Frappe then reads is what the rows say.

	Args:
		server: ``cache``.
		key: The key.
		field: The field of a hash; ABSENT for the whole key.
	"""

	field: bytes | Absent = ABSENT

	def reversed(self) -> CacheDrop:
		return self

	def shown(self) -> list[tuple[str, Any, Any]]:
		return [("kept copy", "may be there", "dropped, made anew when needed")]


def _text(value: bytes | Absent) -> str:
	return "not there" if isinstance(value, Absent) else _unpacked(value).decode("utf-8", "replace")


def _unpacked(value: bytes) -> bytes:
	"""Return what a reader can make sense of: RQ keeps long texts of a job compressed."""
	if not value.startswith(_COMPRESSED):
		return value
	try:
		return zlib.decompressobj().decompress(value, _MOST_SHOWN)
	except zlib.error:
		return value
