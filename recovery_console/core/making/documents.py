"""Making document edits, through Frappe."""

from __future__ import annotations

from collections.abc import Sequence

from recovery_console.core.edits import DocumentEdit
from recovery_console.core.making.state import Moved, State
from recovery_console.core.writable import WritableSite


def state(site: WritableSite, edit: DocumentEdit) -> State:
	"""Compare a document with what an edit expects."""
	return State(site.needs_frappe().state(edit))


def make(site: WritableSite, edits: Sequence[DocumentEdit]) -> None:
	"""Make document edits, one after the other; each is committed.

	Raises:
		Moved: A document is not what it was when this was planned.
		SourceUnavailable: This is break-glass.
	"""
	for edit in edits:
		found = state(site, edit)
		if found is State.MOVED:
			raise Moved(edit)
		if found is State.BEFORE:
			site.needs_frappe().make(edit)
