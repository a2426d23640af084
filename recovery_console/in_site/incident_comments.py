"""What people write in the comment box of an incident: each comment is a note in its timeline, too.

A comment can be changed and deleted, the record of an incident cannot: who writes at night where Desk offers it has
written into the record. Comments stay comments beside that, with their mentions and replies.
"""

import frappe
from frappe.model.document import Document
from frappe.utils import strip_html_tags

from recovery_console.core.timeline import EventKind
from recovery_console.in_site import timeline
from recovery_console.in_site.incident_record import DOCTYPE
from recovery_console.in_site.transactions import back_to


def keep_comment(comment: Document, method: str = "") -> None:  # noqa: ARG001 (what Frappe calls it for)
	"""Write a new comment into the timeline of its incident. What goes wrong there must not keep anybody from commenting."""
	if comment.reference_doctype != DOCTYPE or comment.comment_type != "Comment":
		return
	frappe.db.savepoint("recovery_console_comment")
	try:
		text = strip_html_tags(comment.content or "").strip()
		if text and frappe.db.exists(DOCTYPE, comment.reference_name):
			timeline.add(
				comment.reference_name,
				EventKind.NOTE,
				text,
				actor=comment.comment_email or comment.owner,
				reference=("Comment", comment.name),
			)
	except frappe.QueryDeadlockError:
		raise  # the database has let go of the comment, too: whoever wrote it is told
	except Exception:  # noqa: BLE001 (kept in Error Log)
		back_to("recovery_console_comment")
		frappe.log_error(
			title="Recovery Console: comment not in the timeline", message=frappe.get_traceback()
		)
