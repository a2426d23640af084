"""Starts background work of the accounts again, here and now: what is stuck may be the queue."""

from __future__ import annotations

import frappe

from recovery_console.core.edits import Act
from recovery_console.core.errors import ConsoleError
from recovery_console.core.finding import _

LEDGER, TILL = "Repost Payment Ledger", "POS Closing Entry"
#: What the documents say when it is done, and in which field.
DONE = {LEDGER: ("repost_status", "Completed"), TILL: ("status", "Submitted")}


def perform(act: Act) -> str:
	"""Do it.

	Raises:
		ConsoleError: It failed again.
	"""
	doctype = str(act.arguments["doctype"])
	if doctype == LEDGER:
		from erpnext.accounts.doctype.repost_payment_ledger.repost_payment_ledger import (
			start_payment_ledger_repost,
		)

		start_payment_ledger_repost(act.name)
	else:
		frappe.get_doc(TILL, act.name).retry()
	frappe.db.commit()
	field, _done = DONE[doctype]
	status = frappe.db.get_value(doctype, act.name, field)
	if status == "Failed":
		raise ConsoleError(
			f"{doctype} {act.name} failed again.", remedy="Read its error log, and put right what it names."
		)
	return _("it is {0} now").format(status)


def is_done(act: Act) -> bool:
	"""Tell whether it is done."""
	field, done = DONE[str(act.arguments["doctype"])]
	return bool(frappe.db.get_value(str(act.arguments["doctype"]), act.name, field) == done)
