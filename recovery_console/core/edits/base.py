"""What all edits have in common, and how they are written down."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from typing import Any, ClassVar

from recovery_console.core.edits.values import pack, unpack
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import Subject
from recovery_console.core.record import dataclass


class Absent(enum.Enum):
	"""There is nothing: no row, no key, no file. Not the same as an empty value."""

	ABSENT = "absent"


ABSENT = Absent.ABSENT


class Target(str, enum.Enum):
	"""Where an edit is made, and so what must answer for it."""

	DATABASE = "database"
	CACHE = "cache"
	QUEUE = "queue"
	CONFIG = "config"
	FILES = "files"
	DOCUMENTS = "documents"
	OUTSIDE = "outside"

	__str__ = str.__str__


_kinds: dict[str, type[Edit]] = {}


@dataclass(frozen=True)
class Edit:
	"""One exact change. Subclasses are frozen dataclasses of plain values, so that a journal can hold them.

	Attributes:
		kind: What it is called in the journal; its class's name.
		reversible: Whether ``reversed`` gives an edit that takes it back.
	"""

	kind: ClassVar[str] = ""
	reversible: ClassVar[bool] = True

	def __init_subclass__(cls, **kwargs: Any) -> None:
		super().__init_subclass__(**kwargs)
		cls.kind = cls.__name__
		cls.__repr__ = Edit.__repr__  # type: ignore[method-assign]
		_kinds[cls.kind] = cls

	def __repr__(self) -> str:
		"""Name it without its values: they may be passwords, and tracebacks end up in logs."""
		return f"<{self.kind} of {self.subject.doctype} {self.subject.name}>"

	@property
	def target(self) -> Target:
		raise NotImplementedError

	@property
	def subject(self) -> Subject:
		"""What it changes, for the reader."""
		raise NotImplementedError

	def reversed(self) -> Edit:
		"""Return the edit that takes this one back."""
		raise NotImplementedError

	def shown(self) -> list[tuple[str, Any, Any]]:
		"""Return what changes as (name, before, after), for the reader; not redacted."""
		raise NotImplementedError

	def as_dict(self) -> dict[str, Any]:
		"""Return it as JSON can hold it, nothing lost; it may hold secrets."""
		fields = {item.name: pack(getattr(self, item.name)) for item in dataclasses.fields(self)}
		return {"kind": self.kind, **fields}


def read_edit(written: Mapping[str, Any]) -> Edit:
	"""Return the edit that ``as_dict`` wrote down.

	Raises:
		UsageError: It was written by a console that knows more kinds of edits than this one.
	"""
	kind = _kinds.get(str(written.get("kind")))
	if kind is None:
		raise UsageError(
			f"The journal holds a change of the kind {written.get('kind')!r}, which this version does not know.",
			remedy="Install the version of the console that wrote it, and go on with that.",
		)
	return kind(**{name: unpack(value) for name, value in written.items() if name != "kind"})
