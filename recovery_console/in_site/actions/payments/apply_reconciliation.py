"""Matches a bank line with a payment, as the Bank Reconciliation Tool does."""

from __future__ import annotations

import json

import frappe

from recovery_console.core.edits import Act
from recovery_console.core.errors import ConsoleError
from recovery_console.core.finding import _


def perform(act: Act) -> str:
	"""Match them.

	Raises:
		ConsoleError: ERPNext did not match them.
	"""
	from erpnext.accounts.doctype.bank_reconciliation_tool.bank_reconciliation_tool import reconcile_vouchers

	line, payment = str(act.arguments["line"]), str(act.arguments["name"])
	vouchers = [
		{
			"payment_doctype": act.arguments["doctype"],
			"payment_name": payment,
			"amount": act.arguments["amount"],
		}
	]
	if not is_done(act):
		reconcile_vouchers(line, json.dumps(vouchers))
		frappe.db.commit()
	if not is_done(act):
		raise ConsoleError(
			f"ERPNext did not match {line} with {payment}: nothing of the payment was left to match.",
			remedy="Open the bank line in the Bank Reconciliation Tool.",
		)
	return _("matched; open: {0}").format(frappe.db.get_value("Bank Transaction", line, "unallocated_amount"))


def is_done(act: Act) -> bool:
	"""Tell whether they are matched."""
	return bool(
		frappe.db.exists(
			"Bank Transaction Payments",
			{
				"parent": act.arguments["line"],
				"payment_document": act.arguments["doctype"],
				"payment_entry": act.arguments["name"],
			},
		)
	)
