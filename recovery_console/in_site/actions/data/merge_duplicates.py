"""Merges one record into another, as Rename with *Merge with existing* does."""

from __future__ import annotations

import frappe

from recovery_console.core.edits import Act
from recovery_console.core.finding import _


def perform(act: Act) -> str:
	"""Merge them."""
	doctype, keep, drop = (str(act.arguments[name]) for name in ("doctype", "keep", "drop"))
	for name in (keep, drop):
		# Frappe 15 cannot read an empty list of assignments that is no list.
		if frappe.db.get_value(doctype, name, "_assign") == "":
			frappe.db.set_value(doctype, name, "_assign", None, update_modified=False)
	frappe.rename_doc(doctype, drop, keep, merge=True, show_alert=False)
	frappe.db.commit()
	return _("{0} is part of {1} now").format(drop, keep)


def is_done(act: Act) -> bool:
	"""Tell whether the one is gone and the other there; a merge is one transaction."""
	doctype, keep, drop = (str(act.arguments[name]) for name in ("doctype", "keep", "drop"))
	return bool(frappe.db.exists(doctype, keep)) and not frappe.db.exists(doctype, drop)
