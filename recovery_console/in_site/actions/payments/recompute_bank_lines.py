"""Computes the amounts of a bank line anew, as saving it does."""

from __future__ import annotations

import frappe

from recovery_console.core.edits import Act
from recovery_console.core.finding import _


def perform(act: Act) -> str:
	"""Compute them from the payments of the line."""
	line = frappe.get_doc("Bank Transaction", act.name)
	line.save(ignore_permissions=True)
	frappe.db.commit()
	line.reload()
	return _("{0}: matched {1}, open {2}").format(line.status, line.allocated_amount, line.unallocated_amount)


def is_done(_act: Act) -> bool:
	"""Doing it twice comes to the same, so it need not be known."""
	return False
