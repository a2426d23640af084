"""Starts background work of the accounts again, as the buttons of its forms do."""

from __future__ import annotations

import frappe

from recovery_console.core.edits import Act
from recovery_console.core.finding import _


def perform(act: Act) -> str:
	"""Start it."""
	doctype = str(act.arguments["doctype"])
	if doctype == "Repost Payment Ledger":
		from erpnext.accounts.doctype.repost_payment_ledger.repost_payment_ledger import (
			execute_repost_payment_ledger,
		)

		execute_repost_payment_ledger(act.name)
	else:
		frappe.get_doc(doctype, act.name).retry()
	frappe.db.commit()
	return _("started")


def is_done(_act: Act) -> bool | None:
	"""A job that was queued leaves no trace until it ends."""
	return None
