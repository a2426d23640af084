"""What the form of an Incident calls, besides the API of incidents."""

from typing import Any

import frappe
from frappe import _

from recovery_console.in_site import bundles, incident_page, incident_views, reviews
from recovery_console.in_site.runs import in_words

DOCTYPE = "Incident"


@frappe.whitelist(methods=["GET"])
def story(incident: str) -> dict[str, Any]:
	"""Return an incident with all that belongs to it, and what this user may do. Permission: read on it.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not read it.
	"""
	frappe.has_permission(DOCTYPE, "read", doc=incident, throw=True)
	found = incident_page.shown(incident)
	found["acts"] = [act for act in found["acts"] if incident_views.may(act)]
	found["may_act"] = incident_views.may("note")
	found["may_merge"] = incident_views.may("merge")
	return found


@frappe.whitelist(methods=["POST"])
def make_bundle(incident: str) -> dict[str, str]:
	"""Gather the evidence of an incident in a zip among the private files. Role: Recovery Operator.

	Returns:
		``{"file": <URL of the file>}``

	Raises:
		frappe.PermissionError: HTTP 403. The user may not.
		frappe.ValidationError: HTTP 417. It could not be made; the message says why.
	"""
	_permit(incident)
	with in_words():
		file = bundles.make(incident, frappe.session.user)
	return {"file": frappe.db.get_value("File", file, "file_url")}


@frappe.whitelist(methods=["POST"])
def draft_review(incident: str) -> dict[str, str]:
	"""Draft the review of an incident, or bring its draft up to date. Role: Recovery Operator.

	Returns:
		``{"name": <Incident Review>}``

	Raises:
		frappe.PermissionError: HTTP 403. The user may not.
	"""
	_permit(incident)
	with in_words():
		return {"name": reviews.draft(incident, asked=True)}


def _permit(incident: str) -> None:
	if not incident_views.may("note"):
		frappe.throw(_("Only a Recovery Operator may do this. Nothing was changed."), frappe.PermissionError)
	frappe.has_permission(DOCTYPE, "write", doc=incident, throw=True)
