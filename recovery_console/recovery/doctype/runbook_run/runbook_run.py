# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

import frappe
from frappe.model.document import Document

from recovery_console.in_site.standard import written_by_console


class RunbookRun(Document):
	"""One execution of a runbook: what Desk shows of its journal. Written by the console alone."""

	def validate(self) -> None:
		written_by_console(self)

	def on_trash(self) -> None:
		written_by_console(self)


def on_doctype_update() -> None:
	"""Runs are looked for by their state, to see which of them stand still."""
	frappe.db.add_index("Runbook Run", ["state", "heartbeat"], "recovery_state_heartbeat")
