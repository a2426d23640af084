"""What is gathered for an incident as soon as it is open: its impact, what changed before it, an evidence bundle."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import frappe

from recovery_console.core import impact
from recovery_console.core.changes import recent_changes
from recovery_console.core.errors import ConsoleError
from recovery_console.core.timeline import EventKind
from recovery_console.core.times import UTC
from recovery_console.in_site import bundles, chronicle, open_site, timeline, utc
from recovery_console.in_site.transactions import log_failure

DOCTYPE = "Incident"
_OVER = ["Resolved", "Closed"]
#: An incident that was opened longer ago gets no bundle by itself any more: it would show another time.
_YOUNG = timedelta(hours=24)
#: At most so many incidents are looked at, and so many bundles made, at a time; the sweeper makes the others.
_MOST = 50
_MOST_BUNDLES = 2
#: How long it may take to look at them, without the bundles.
_LONGEST = timedelta(seconds=40)
_FIELDS = ["name", "count", "impact", "severity", "parent_incident", "merged_into", "first_seen"]


def after_report(report: Mapping[str, Any], snapshot: str, now: datetime | None = None) -> None:
	"""Tell open incidents of a snapshot, and gather what belongs to new ones. It commits, and lets no error out."""
	now = now or datetime.now(UTC)
	_guarded("snapshot", lambda: chronicle.tell_of_snapshot(report, snapshot, now))
	# A request must not wait for bundles: the sweeper makes them.
	_guarded("gathering", lambda: gather(now, most_bundles=0 if frappe.request else _MOST_BUNDLES))


def gather(now: datetime, *, most_bundles: int = _MOST_BUNDLES) -> None:
	"""Gather for open incidents what they lack: impact, changes before them, mails, and a bundle where it is severe.

	It commits. What goes wrong with one incident is logged and keeps no other from being complete. In a storm, what
	there is no time for is gathered the next time, the most severe first.

	Args:
		now: The present moment, aware.
		most_bundles: How many bundles may be made.
	"""
	until = time.monotonic() + _LONGEST.total_seconds()
	rows = _incomplete_first()
	for row in rows:
		if time.monotonic() < until:
			_guarded(row.name, lambda row=row: _complete(row, now))
	for row in [row for row in rows if _wants_bundle(row, now)][:most_bundles]:
		_guarded(row.name, lambda row=row: bundles.make(row.name, now=now))


def _incomplete_first() -> list[Any]:
	"""Return open incidents, the most severe first: those that nobody has looked at yet come before the others.

	However many are open, each is looked at in its turn.
	"""
	is_open = {"status": ("not in", _OVER)}
	order = {"fields": _FIELDS, "order_by": "severity asc, creation desc", "limit_page_length": _MOST}
	new = frappe.get_all(DOCTYPE, filters={**is_open, "impact": ("is", "not set")}, **order)
	known = frappe.get_all(DOCTYPE, filters={**is_open, "impact": ("is", "set")}, **order)
	return [*new, *known]


def _complete(row: Any, now: datetime) -> None:
	if not row.impact or impact.read(row.impact).get("count") != row["count"]:
		_look_at(row, now)
	chronicle.tell_of_mails(row.name)


def _look_at(row: Any, now: datetime) -> None:
	"""Work out an incident's impact; at its opening also tell what changed before."""
	findings = _findings(row.name)
	frappe.db.commit()
	changes = None
	with open_site() as site:
		found = impact.assess(site, findings).as_dict() if findings else {"sentence": "", "groups": []}
		if not row.impact:
			changes, _notes = recent_changes(site)
	stored = {**found, "count": row["count"], "computed": now.astimezone(UTC).isoformat(timespec="seconds")}
	frappe.db.set_value(
		DOCTYPE, row.name, "impact", json.dumps(stored, ensure_ascii=False, indent=1), update_modified=False
	)
	if changes is not None and not _has(row.name, EventKind.SITE_CHANGED):
		chronicle.tell_of_changes(row.name, changes, utc(row.first_seen) if row.first_seen else now)


def _findings(incident: str) -> list[dict[str, Any]]:
	rows = frappe.get_all(
		"Incident Finding",
		filters={"parent": incident, "parenttype": DOCTYPE},
		fields=["fingerprint", "gravity", "count", "subjects"],
		order_by="idx asc",
		limit_page_length=impact.MOST_FINDINGS + 1,
	)
	return [
		{
			"fingerprint": row.fingerprint,
			"severity": row.gravity,
			"count": row["count"],
			"subjects": json.loads(row.subjects or "[]"),
		}
		for row in rows
	]


def _wants_bundle(row: Any, now: datetime) -> bool:
	"""Tell whether an incident gets a bundle by itself: it is severe, new, stands for itself, and was never tried."""
	least = frappe.get_cached_doc("Recovery Settings").bundle_from or "S2"
	return (
		(row.severity or "S4") <= least != "Never"
		and not row.parent_incident
		and not row.merged_into
		and (not row.first_seen or utc(row.first_seen) > now - _YOUNG)
		and not _has(row.name, EventKind.EVIDENCE)
	)


def _has(incident: str, kind: EventKind) -> bool:
	return bool(frappe.db.exists(timeline.DOCTYPE, {"incident": incident, "event": kind.value}))


def _guarded(what: str, part: Callable[[], Any]) -> None:
	try:
		part()
		frappe.db.commit()
	except frappe.DoesNotExistError:
		frappe.db.rollback()  # it was deleted meanwhile
		frappe.clear_messages()
	except Exception as error:  # noqa: BLE001 (logged; the other incidents go on)
		if isinstance(error, ConsoleError):
			frappe.db.rollback()
		else:
			log_failure("evidence not gathered", what)
