# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

import frappe
from frappe.model.document import Document

from recovery_console.in_site.standard import written_by_console


class DutySignoff(Document):
	"""That a duty was done in a period: by checks, or by a person with a note. Written by the console alone."""

	def validate(self) -> None:
		written_by_console(self)

	def on_trash(self) -> None:
		written_by_console(self)


def on_doctype_update() -> None:
	"""Let the database see to it that a duty is signed off once in a period, also where it loses its primary keys."""
	frappe.db.add_unique("Duty Sign-off", ["duty", "period"], "recovery_one_sign_off_per_period")
	frappe.db.add_index("Duty Sign-off", ["state", "due_on"], "recovery_state_due")
