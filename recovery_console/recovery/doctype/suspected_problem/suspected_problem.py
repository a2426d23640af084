# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

import frappe
from frappe.model.document import Document

from recovery_console.in_site.standard import written_by_console


class SuspectedProblem(Document):
	"""A problem that was seen and has no incident yet, or that passed. Written by the console alone."""

	def validate(self) -> None:
		written_by_console(self)

	def on_trash(self) -> None:
		written_by_console(self)


def on_doctype_update() -> None:
	"""Let the database see to it that a problem is suspected once."""
	frappe.db.add_unique("Suspected Problem", ["digest"], "recovery_one_suspicion")
