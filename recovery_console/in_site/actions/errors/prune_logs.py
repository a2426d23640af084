"""Deletes the old rows of one log by the code of its DocType."""

from __future__ import annotations

import frappe
from frappe.model.base_document import get_controller

from recovery_console.core.edits import Act
from recovery_console.core.errors import ConsoleError
from recovery_console.core.finding import _


def perform(act: Act) -> str:
	"""Delete them, and say how many rows are left.

	Raises:
		ConsoleError: The DocType does not know how.
	"""
	doctype, days = str(act.arguments["doctype"]), int(act.arguments["days"])
	clear = getattr(get_controller(doctype), "clear_old_logs", None)
	if clear is None:
		raise ConsoleError(
			f"{doctype} has no code of its own that deletes old rows.", remedy="Take it out of Log Settings."
		)
	before = frappe.db.count(doctype)
	clear(**frappe.get_newargs(clear, {"days": days}))
	frappe.db.commit()
	gone = before - frappe.db.count(doctype)
	if not gone:
		# Frappe 16 reckons with dates in a way that SQLite does not understand.
		raise ConsoleError(
			f"The code of {doctype} deleted nothing, although it holds rows that are old enough.",
			remedy="Use database.prune_logs, which deletes rows itself.",
		)
	return _("Rows deleted: {0}").format(gone)


def is_done(act: Act) -> bool:  # noqa: ARG001 (deleting what is old once more does no harm)
	"""Deleting what is old may always be done again."""
	return False
