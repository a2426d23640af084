"""What every change of an incident shares: it is read for update, stamped, timed, saved, and told."""

from datetime import datetime

import frappe
from frappe.model.document import Document

from recovery_console.core.incident import IncidentStatus
from recovery_console.in_site import clocks, local
from recovery_console.in_site.transactions import back_to

DOCTYPE = "Incident"
#: Longest text that a title holds.
TITLE = 240
_S = IncidentStatus
#: Which moments a status has, and which it has not any more.
_STAMPS = {
	_S.ACKNOWLEDGED: ("acknowledged_at",),
	_S.INVESTIGATING: ("acknowledged_at",),
	_S.MITIGATED: ("acknowledged_at", "mitigated_at"),
	_S.RESOLVED: ("resolved_at",),
	_S.CLOSED: ("closed_at",),
}
_FORGETS = {
	_S.REOPENED: ("acknowledged_at", "mitigated_at", "mitigated_by", "resolved_at"),
	_S.INVESTIGATING: ("mitigated_at", "mitigated_by"),
	_S.ACKNOWLEDGED: ("mitigated_at", "mitigated_by"),
}
#: What is told when a status was reached.
_TELLS = {
	_S.ACKNOWLEDGED: "Acknowledged",
	_S.MITIGATED: "Mitigated",
	_S.RESOLVED: "Resolved",
	_S.REOPENED: "Reopened",
}


def read(name: str) -> Document:
	"""Return an incident to be changed: nobody else changes it until this transaction ends.

	Raises:
		frappe.DoesNotExistError: There is none of that name.
	"""
	return frappe.get_doc(DOCTYPE, name, for_update=True)


def move(doc: Document, status: str, now: datetime) -> str:
	"""Give an incident a status, with its moments and clocks. Nothing is saved.

	Returns:
		The status that it had.
	"""
	before = doc.status
	if before == status:
		return before
	doc.status = status
	for field in _FORGETS.get(IncidentStatus(status), ()):
		doc.set(field, None)
	for field in _STAMPS.get(IncidentStatus(status), ()):
		doc.set(field, doc.get(field) or local(now))
	clocks.status_changed(doc, before, now)
	return before


def save(doc: Document) -> Document:
	"""Save an incident as the console does."""
	doc.flags.from_console = True
	doc.flags.ignore_version = True  # the timeline tells it; a version every hour would only fill tables
	doc.flags.ignore_links = True  # snapshots are let go of earlier than incidents
	doc.save(ignore_permissions=True)
	return doc


def tell(kind: str, name: str, detail: str = "", now: datetime | None = None) -> None:
	"""Have something told about an incident. Whether to anybody, and when, is decided by what tells."""
	from recovery_console.in_site import notices

	notices.tell(kind, name, detail, now=now)


def tell_status(doc: Document, detail: str, now: datetime) -> None:
	"""Have it told that an incident has reached its status."""
	kind = _TELLS.get(IncidentStatus(doc.status))
	if kind:
		tell(kind, doc.name, detail, now)


def begin_review(doc: Document) -> None:
	"""Have the review of a resolved incident drafted; what goes wrong there must not keep it from being resolved."""
	from recovery_console.in_site import reviews

	frappe.db.savepoint("recovery_console_review")
	try:
		reviews.draft(doc.name)
	except frappe.QueryDeadlockError:
		raise
	except Exception:  # noqa: BLE001 (kept in Error Log; the sweeper of reviews tries again)
		back_to("recovery_console_review")
		frappe.log_error(title="Recovery Console: review not drafted", message=frappe.get_traceback())
