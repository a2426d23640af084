"""Desk: the bell of each user. Written with the notice's own state, so it comes exactly once."""

from html import escape
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from recovery_console.core.notice_text import Message, as_html
from recovery_console.core.notices import Failure


def send(_channel: Document | None, notice: Any, message: Message) -> Failure | None:
	"""Put a notice into the bell of each user that the address names, by user or by role."""
	users = users_of(notice.address)
	if not users:
		return Failure(_("No enabled user of this site fits {0}.").format(notice.address or "?"), again=False)
	for user in users:
		doc = frappe.new_doc("Notification Log")
		doc.update(
			{
				"type": "Alert",
				"for_user": user,
				"from_user": "Administrator",
				"subject": f"<b>{escape(message.subject)}</b><br>{escape(message.lead)}",
				"email_content": as_html(message, _),
				"document_type": "Incident" if notice.incident else "Recovery Notice",
				"document_name": notice.incident or notice.name,
			}
		)
		doc.flags.ignore_links = True
		doc.insert(ignore_permissions=True)
	return None


def users_of(address: str) -> list[str]:
	"""Return the enabled users that users and roles with commas stand for."""
	named = [part.strip() for part in (address or "").split(",") if part.strip()]
	if not named:
		return []
	holders = frappe.get_all(
		"Has Role", filters={"role": ("in", named), "parenttype": "User"}, pluck="parent", limit_page_length=0
	)
	wanted = [*named, *holders]
	return frappe.get_all(
		"User",
		filters={"name": ("in", wanted), "enabled": 1, "user_type": "System User"},
		pluck="name",
		order_by="name asc",
		limit_page_length=0,
	)
