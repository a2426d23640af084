"""An incident as its form shows it: what belongs to it, and what may be done with it."""

from typing import Any

import frappe

from recovery_console.core.runbooks.answers import for_finding
from recovery_console.in_site import incident_views, reviews

_RUN, _REVIEW = "Runbook Run", "Incident Review"
_MOST = 20


def shown(name: str) -> dict[str, Any]:
	"""Return an incident with all that belongs to it: what ``incident_views.shown`` tells, and more.

	Returns:
		Besides: ``impact`` as ``core.impact`` keeps it, ``runs`` of its timeline, ``reviews``, ``lessons`` of earlier
		incidents, ``bundles`` of evidence, and ``runbooks`` by fingerprint. What this user may not read is left out.
	"""
	found = incident_views.shown(name)
	stored = frappe.db.get_value("Incident", name, "impact")
	return {
		**found,
		"impact": frappe.parse_json(stored) if stored else None,
		"runbooks": {row["fingerprint"]: for_finding(row["fingerprint"]) for row in found["findings"]},
		"runs": _runs(found["timeline"]),
		"reviews": _reviews(name),
		"lessons": reviews.lessons(name) if frappe.has_permission(_REVIEW, "read") else [],
		"bundles": _bundles(name),
	}


def _runs(timeline: list[dict[str, Any]]) -> list[dict[str, Any]]:
	names = {line["reference_name"] for line in timeline if line["reference_doctype"] == _RUN}
	if not names or not frappe.has_permission(_RUN, "read"):
		return []
	return frappe.get_all(
		_RUN,
		filters={"name": ("in", sorted(names))},
		fields=["name", "title", "state", "requested_by", "creation"],
		order_by="creation desc",
		limit_page_length=_MOST,
	)


def _reviews(name: str) -> list[dict[str, Any]]:
	if not frappe.has_permission(_REVIEW, "read"):
		return []
	return frappe.get_all(
		_REVIEW,
		filters={"incident": name},
		fields=["name", "docstatus", "signed_on", "creation"],
		order_by="creation desc",
		limit_page_length=_MOST,
	)


def _bundles(name: str) -> list[dict[str, Any]]:
	return frappe.get_all(
		"File",
		filters={"attached_to_doctype": "Incident", "attached_to_name": name, "is_private": 1},
		fields=["file_name", "file_url", "file_size", "creation"],
		order_by="creation desc",
		limit_page_length=_MOST,
	)
