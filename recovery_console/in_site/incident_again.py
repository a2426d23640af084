"""Incidents whose problem is only seen again: their numbers are brought up to date with two statements each.

A storm has hundreds of them at every look. What tells something new goes through the document.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import frappe

from recovery_console.core.incident import Change, Sighting
from recovery_console.core.times import UTC
from recovery_console.in_site import local, plain
from recovery_console.in_site.incident_record import DOCTYPE, TITLE

ROW = "Incident Finding"
#: Name of the row by fingerprint, by incident.
Rows = Mapping[str, Mapping[str, str]]


def findings_of(incidents: Iterable[str]) -> Rows:
	"""Return which findings each incident holds, and in which row."""
	found: dict[str, dict[str, str]] = {}
	for row in frappe.get_all(
		ROW,
		filters={"parent": ("in", list(incidents) or [""]), "parenttype": DOCTYPE},
		fields=["name", "parent", "fingerprint"],
		limit_page_length=0,
	):
		found.setdefault(row.parent, {})[row.fingerprint] = row.name
	return found


def is_only_seen_again(change: Change, rows: Rows) -> bool:
	"""Tell whether a change has nothing to tell, and its findings are those that the incident holds."""
	if change.incident is None or change.sighting is None:
		return False
	if change.events or change.tells or change.parent is not None:
		return False
	seen = (change.sighting.finding, *change.sighting.explained)
	return {item["fingerprint"] for item in seen} == rows.get(change.incident, {}).keys()


def write(change: Change, rows: Rows, when: datetime, snapshot: str) -> None:
	"""Bring the numbers of an incident up to date."""
	name, sighting = change.incident, change.sighting
	if name is None or sighting is None:
		return
	table = frappe.qb.DocType(DOCTYPE)
	query = frappe.qb.update(table).where(table.name == name).set(table.occurrences, table.occurrences + 1)
	values = {
		**fields_of(sighting, local(when), snapshot),
		"healthy_checks": 0,
		"proposed_severity": change.proposed,
		"last_looked": when.astimezone(UTC).isoformat(timespec="seconds"),
		"modified": frappe.utils.now(),
	}
	if not snapshot:
		del values["last_snapshot"]
	for field, value in values.items():
		query = query.set(table[field], value)
	query.run()
	for item in (sighting.finding, *sighting.explained):
		row = rows[name][item["fingerprint"]]
		frappe.db.set_value(ROW, row, row_of(item), update_modified=False)
	frappe.clear_document_cache(DOCTYPE, name)


def fields_of(sighting: Sighting, when: datetime, snapshot: str) -> dict[str, Any]:
	"""Return what an incident keeps of how its problem was seen last.

	Args:
		sighting: The problem as it was seen.
		when: When, in the site's time.
		snapshot: Name of the Health Snapshot that shows it.
	"""
	finding = sighting.finding
	return {
		"check_id": sighting.check,
		"family": sighting.family,
		"title": plain(finding["title"])[:TITLE],
		"cause": plain(finding["cause"]),
		"remedy": plain(finding["remedy"]),
		"gravity": finding["severity"],
		"count": finding["count"],
		"last_seen": when,
		"last_snapshot": snapshot,
	}


def row_of(finding: Mapping[str, Any]) -> dict[str, Any]:
	"""Return a finding as a row of an incident."""
	return {
		"finding": plain(finding["title"])[:TITLE],
		"gravity": finding["severity"],
		"count": finding["count"],
		"fingerprint": finding["fingerprint"],
		"cause": plain(finding["cause"]),
		"remedy": plain(finding["remedy"]),
		"subjects": json.dumps(finding["subjects"], ensure_ascii=False),
		"evidence": json.dumps(finding["evidence"], ensure_ascii=False),
	}
