"""Fills a template in for a document, and keeps nothing."""

from __future__ import annotations

import frappe
from frappe.email.doctype.notification.notification import get_context
from frappe.utils import strip_html

from recovery_console.core.edits import Act
from recovery_console.core.finding import _


def perform(act: Act) -> str:
	"""Say how long what comes out is, or why nothing does."""
	document = frappe.get_doc(str(act.arguments["doctype"]), str(act.arguments["document"]))
	template = frappe.get_doc(str(act.arguments["kind"]), str(act.arguments["template"]))
	try:
		if template.doctype == "Email Template":
			made = template.get_formatted_email(document.as_dict())
			texts = [made["subject"], made["message"]]
		else:
			texts = [
				frappe.render_template(text or "", get_context(document))
				for text in (template.subject, template.message)
			]
	except Exception as error:  # noqa: BLE001 (whatever a template raises is the answer)
		frappe.clear_messages()
		return _("It cannot be filled in for {0}: {1}").format(
			document.name, strip_html(f"{type(error).__name__}: {error}")[:500]
		)
	finally:
		frappe.db.rollback()
	return _("It can be filled in for {0}: a subject of {1} and a text of {2} characters.").format(
		document.name, *(len(str(text or "")) for text in texts)
	)


def is_done(act: Act) -> bool:  # noqa: ARG001 (trying leaves nothing behind)
	"""Trying leaves nothing behind, so it may always be done again."""
	return False
