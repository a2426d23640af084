# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

import frappe
from frappe.model.document import Document

from recovery_console.in_site.standard import written_by_console


class RunbookRunEntry(Document):
	"""One sealed line of the journal of a run. Written by the console alone, never changed."""

	def validate(self) -> None:
		written_by_console(self)

	def on_trash(self) -> None:
		written_by_console(self)


def on_doctype_update() -> None:
	"""Let the database see to it that a run has each entry once."""
	frappe.db.add_unique("Runbook Run Entry", ["run", "number"], "recovery_one_entry_per_number")
