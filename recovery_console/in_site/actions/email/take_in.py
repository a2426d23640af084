"""Takes a mail in once more as Frappe does when it has fetched it."""

from __future__ import annotations

import frappe
from frappe.email.receive import InboundMail, SentEmailInInboxError

from recovery_console.core.edits import Act
from recovery_console.core.finding import _


def perform(act: Act) -> str:
	"""Take it in, and take it off the list; what fails stays on it."""
	row = frappe.get_doc("Unhandled Email", act.arguments["name"])
	account = frappe.get_doc("Email Account", row.email_account)
	folders = account.get("imap_folder") or []
	append_to = folders[0].append_to if account.use_imap and folders else account.append_to
	mail = InboundMail(row.raw, account, frappe.safe_decode(row.uid or ""), 0, append_to)
	try:
		communication = mail.process()
	except SentEmailInInboxError:
		communication = None
	frappe.delete_doc("Unhandled Email", row.name, force=True, ignore_permissions=True)
	if communication is None:
		return _("the account sent it itself: taken off the list")
	return _("taken in as {0}").format(communication.name)


def is_done(act: Act) -> bool:
	"""Tell whether it is off the list."""
	return not frappe.db.exists("Unhandled Email", act.arguments["name"])
