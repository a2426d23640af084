"""How what is there compares with what an edit expects."""

from __future__ import annotations

import enum

from recovery_console.core.edits import Edit


class State(enum.Enum):
	"""What an edit finds."""

	BEFORE = "before"
	AFTER = "after"
	MOVED = "moved"


class Moved(Exception):  # noqa: N818 (a state, not a mistake)
	"""What is there is neither what the plan expects nor what it makes; nothing of this store was changed."""

	def __init__(self, edit: Edit) -> None:
		super().__init__(
			f"{edit.subject.doctype} {edit.subject.name} was changed by somebody else since this was planned."
		)


def compare(found: object, before: object, after: object) -> State:
	"""Compare a value with the two that an edit knows; an edit that changes nothing is ``AFTER``."""
	if found == after:
		return State.AFTER
	return State.BEFORE if found == before else State.MOVED
