"""Incidents for pages and other programs: lists, and one with all that belongs to it."""

from typing import Any

import frappe

from recovery_console.core.acting import ACTS, role_for
from recovery_console.core.errors import UsageError
from recovery_console.core.incident import IncidentStatus, next_statuses
from recovery_console.core.people import MANAGER
from recovery_console.core.severity import in_full, parse_severity
from recovery_console.in_site import timeline
from recovery_console.in_site.incident_record import DOCTYPE

_OVER = [IncidentStatus.RESOLVED.value, IncidentStatus.CLOSED.value]
_LISTED = [
	"name", "title", "status", "severity", "category", "family", "check_id", "responder", "count", "occurrences",
	"first_seen", "last_seen", "acknowledge_due", "mitigate_due", "resolve_due", "snoozed_until", "silenced_by",
	"parent_incident", "merged_into", "escalation_tier", "source",
]  # fmt: skip
#: Fields that are of no use outside, or are shown in another form.
_HIDDEN = (
	"clocks",
	"open_key",
	"next_due",
	"impact",
	"last_looked",
	"docstatus",
	"idx",
	"doctype",
	"findings",
)


def may(act: str) -> bool:
	"""Tell whether this user has a role for an act; permission for the incident is asked besides."""
	return bool({role_for(act), MANAGER, "System Manager"} & set(frappe.get_roles()))


def listed(
	status: str = "open", *, severity: str = "", beneath: bool = False, most: int = 50
) -> list[dict[str, Any]]:
	"""Return incidents, the gravest first, then the newest; those at the top say how many stand beneath them.

	Args:
		status: ``open``, ``all``, or one status.
		severity: Only this one.
		beneath: Also those that stand beneath another.
		most: At most so many.

	Raises:
		UsageError: There is no such status or severity.
	"""
	filters = _of_status(status)
	if severity:
		filters["severity"] = parse_severity(severity)
	if not beneath:
		filters["parent_incident"] = ("in", ["", None])
	rows = frappe.get_all(
		DOCTYPE,
		filters=filters,
		fields=_LISTED,
		order_by="severity asc, creation desc",
		limit_page_length=most,
	)
	beneath_of = _children_of([row.name for row in rows])
	for row in rows:
		row["beneath"] = len(beneath_of.get(row.name, ()))
	return rows


def _of_status(status: str) -> dict[str, Any]:
	if status == "all":
		return {}
	if status == "open":
		return {"status": ("not in", _OVER)}
	if status not in {each.value for each in IncidentStatus}:
		raise UsageError(
			frappe._("There is no status {0}.").format(repr(status)),
			remedy=frappe._("Say open, all, or one of {0}.").format(
				", ".join(each.value for each in IncidentStatus)
			),
		)
	return {"status": status}


def _children_of(names: list[str]) -> dict[str, list[str]]:
	found: dict[str, list[str]] = {}
	for row in frappe.get_all(
		DOCTYPE,
		filters={"parent_incident": ("in", names or [""])},
		fields=["name", "parent_incident"],
		limit_page_length=0,
	):
		found.setdefault(row.parent_incident, []).append(row.name)
	return found


def shown(name: str, most_lines: int = 200) -> dict[str, Any]:
	"""Return an incident with its findings, timeline (newest first), what stands beneath it, and what may be done with it."""
	doc = frappe.get_doc(DOCTYPE, name)
	found = {key: value for key, value in doc.as_dict(no_nulls=False).items() if key not in _HIDDEN}
	beneath = frappe.get_all(
		DOCTYPE,
		filters={"parent_incident": name},
		fields=["name", "title", "status", "severity", "last_seen"],
		order_by="severity asc, creation asc",
		limit_page_length=200,
	)
	return {
		**found,
		"severity_in_full": in_full(doc.severity),
		"findings": [
			{
				"fingerprint": row.fingerprint,
				"title": row.finding,
				"severity": row.gravity,
				"count": row.get("count"),
				"cause": row.cause,
				"remedy": row.remedy,
				"subjects": frappe.parse_json(row.subjects or "[]"),
			}
			for row in doc.findings
		],
		"timeline": timeline.as_dicts(name, most_lines),
		"beneath": beneath,
		"merged": frappe.get_all(DOCTYPE, {"merged_into": name}, pluck="name"),
		"acts": _acts(doc.status, bool(doc.merged_into)),
	}


def _acts(status: str, merged: bool) -> list[str]:
	after = () if merged else next_statuses(status)
	return [act for act, reached in ACTS.items() if reached.value in after]
