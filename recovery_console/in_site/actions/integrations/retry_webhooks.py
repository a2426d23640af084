"""Sends a document through a webhook again, as Frappe does when the document is saved."""

from __future__ import annotations

import frappe
from frappe.integrations.doctype.webhook.webhook import enqueue_webhook

from recovery_console.core.edits import Act
from recovery_console.core.errors import ConsoleError
from recovery_console.core.finding import _

LOG = "Webhook Request Log"


def perform(act: Act) -> str:
	"""Send it now, and look at the log whether it arrived.

	Raises:
		ConsoleError: The other program did not take it.
	"""
	webhook = str(act.arguments["webhook"])
	doc = frappe.get_doc(str(act.arguments["doctype"]), str(act.arguments["name"]))
	enqueue_webhook(doc, {"name": webhook})
	frappe.db.commit()
	last = _last(act)
	if last is None or last.error:
		raise ConsoleError(
			f"The webhook {webhook} did not deliver {doc.doctype} {doc.name}.",
			remedy="Read the newest Webhook Request Log for it; see that the other program runs.",
		)
	return _("delivered")


def is_done(act: Act) -> bool | None:
	"""Tell whether it arrived since this was planned; None where a call may be under way without a trace."""
	last = _last(act)
	return None if last is None else not last.error


def _last(act: Act) -> frappe._dict | None:
	found = frappe.get_all(
		LOG,
		filters={
			"webhook": act.arguments["webhook"],
			"reference_document": act.arguments["name"],
			"creation": (">=", act.arguments["since"]),
		},
		fields=["name", "error"],
		order_by="creation desc",
		limit=1,
	)
	return found[0] if found else None
