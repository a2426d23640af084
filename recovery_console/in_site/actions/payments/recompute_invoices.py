"""Computes what an invoice owes anew, with ERPNext's own function."""

from __future__ import annotations

import frappe

from recovery_console.core.edits import Act
from recovery_console.core.finding import _


def perform(act: Act) -> str:
	"""Compute it from the payment ledger."""
	from erpnext.accounts.utils import update_voucher_outstanding

	doctype = str(act.arguments["doctype"])
	invoice = frappe.get_doc(doctype, act.name)
	sales = doctype == "Sales Invoice"
	account = invoice.debit_to if sales else invoice.credit_to
	party_type = "Customer" if sales else "Supplier"
	update_voucher_outstanding(doctype, act.name, account, party_type, invoice.get(party_type.lower()))
	frappe.db.commit()
	invoice.reload()
	return _("{0}, outstanding {1}").format(invoice.status, invoice.outstanding_amount)


def is_done(_act: Act) -> bool:
	"""Doing it twice comes to the same, so it need not be known."""
	return False
