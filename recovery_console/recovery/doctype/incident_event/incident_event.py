# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

import frappe
from frappe.model.document import Document

from recovery_console.in_site.standard import written_by_console


class IncidentEvent(Document):
	"""A line of an incident's timeline. Written by the console alone, never changed."""

	def validate(self) -> None:
		written_by_console(self)
		if not self.is_new():
			frappe.throw(frappe._("A line of a timeline is never changed. Add a note instead."))

	def on_trash(self) -> None:
		written_by_console(self)


def on_doctype_update() -> None:
	"""Let the database see to it that a timeline has each line once."""
	frappe.db.add_unique("Incident Event", ["incident", "number"], "recovery_one_line_per_number")
