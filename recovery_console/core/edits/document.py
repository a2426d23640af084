"""One document, changed as Frappe changes it: with validation, hooks and permissions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from recovery_console.core.edits.base import Edit, Target
from recovery_console.core.finding import Subject
from recovery_console.core.record import dataclass

Operation = Literal["save", "insert", "delete", "submit", "cancel"]
_OPPOSITE: dict[str, Operation] = {"save": "save", "insert": "delete", "delete": "insert"}
_SAYS = {"insert": "inserted", "delete": "deleted", "submit": "submitted", "cancel": "cancelled"}


@dataclass(frozen=True)
class DocumentEdit(Edit):
	"""Save, insert, delete, submit or cancel one document. Needs Frappe to be applied, not to be planned.

	Args:
		doctype: Its DocType.
		name: Its name.
		operation: What is done.
		before: The fields now, as the database holds them (``save``); all fields with child tables (``delete``).
		after: The fields afterwards (``save``); all fields given (``insert``). A child table is a list of rows.
	"""

	doctype: str
	name: str
	operation: Operation
	before: Mapping[str, Any] | None = None
	after: Mapping[str, Any] | None = None

	@property
	def reversible(self) -> bool:  # type: ignore[override]
		"""Submitting and cancelling cannot be taken back."""
		return self.operation in _OPPOSITE

	@property
	def target(self) -> Target:
		return Target.DOCUMENTS

	@property
	def subject(self) -> Subject:
		return Subject(self.doctype, self.name)

	def reversed(self) -> DocumentEdit:
		return DocumentEdit(self.doctype, self.name, _OPPOSITE[self.operation], self.after, self.before)

	def shown(self) -> list[tuple[str, Any, Any]]:
		if self.operation == "save":
			before = self.before or {}
			return [(name, before.get(name), value) for name, value in (self.after or {}).items()]
		return [("document", "there" if self.operation != "insert" else "not there", _SAYS[self.operation])]
