"""What the console's page shows at once: the newest snapshot with its incidents and runs. Nothing is diagnosed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_to_date, get_system_timezone, now_datetime

from recovery_console.core import overview as shown
from recovery_console.core.finding import Status
from recovery_console.core.headline import Sentence, headline
from recovery_console.core.health import STALE_AFTER
from recovery_console.core.run import ENDED
from recovery_console.core.snapshot import Past
from recovery_console.core.times import UTC, zone
from recovery_console.in_site import health, utc

#: So many of the gravest problems are told with what changed before they began.
_MOST_STORIES = 5
_MOST_RUNS = 20
#: A run that ended so lately is still shown.
_LATELY = timedelta(hours=1)
_OVER = ("Resolved", "Closed")

Json = dict[str, Any]


def overview() -> Json:
	"""Return what the page shows at once. Cost: six queries, and the newest snapshot's report is read."""
	found = health.newest("started", "status", "duration_ms", "host", "families", "report")
	if found is None:
		said = headline(None, (), now=datetime.now(UTC), local=_readers_zone())
		return {"snapshot": None, "status": None, "headline": _in_words(said), "runs": runs()}
	report = _report_of(found)
	grouped = shown.groups(report)
	incidents = _incidents(group["root"]["fingerprint"] for group in grouped)
	quiet = shown.quiet_checks(report)
	started, now = utc(found.started), datetime.now(UTC)
	age = health.age(found)
	said = headline(
		Status(report["status"]),
		shown.problems(grouped, {key: row["began"] for key, row in incidents.items()}),
		looked=len(quiet["ok"]),
		unknown=len(quiet["unknown"]),
		age=age,
		now=now,
		local=_readers_zone(),
	)
	return {
		"snapshot": found.name,
		"status": report["status"],
		"is_stale": age > STALE_AFTER,
		"has_report": bool(found.report),
		"started": started.isoformat(),
		"duration_ms": found.duration_ms,
		"host": found.host,
		"headline": _in_words(said),
		"families": [{**tile, "name": _(tile["name"])} for tile in shown.families(report, past())],
		"groups": grouped,
		"quiet": quiet,
		"notes": report.get("notes") or [],
		"incidents": _with_changes(incidents, grouped, found.name, report),
		"runs": runs(),
	}


def past() -> list[Past]:
	"""Return the latest diagnoses, oldest first, as the trend needs them."""
	rows = frappe.get_all(
		"Health Snapshot",
		filters={"status": ("not in", ["Running", "Failed"])},
		fields=["started", "status", "families"],
		order_by="started desc",
		limit_page_length=shown.MOST_PAST,
	)
	return [
		Past(
			utc(row.started),
			Status(row.status.lower()),
			{family: Status(status) for family, status in json.loads(row.families or "{}").items()},
		)
		for row in reversed(rows)
	]


def runs() -> list[Json]:
	"""Return the runs that are not over, and those that ended within the hour."""
	if not frappe.has_permission("Runbook Run", "read"):
		return []
	over = [state.value for state in ENDED]
	fields = ["name", "title", "runbook", "state", "planned", "made", "requested_by", "undoing", "creation"]
	is_open = frappe.get_all(
		"Runbook Run",
		filters={"state": ("not in", over)},
		fields=fields,
		order_by="creation desc",
		limit_page_length=_MOST_RUNS,
	)
	lately = frappe.get_all(
		"Runbook Run",
		filters={
			"state": ("in", over),
			"heartbeat": (">", add_to_date(now_datetime(), seconds=-_LATELY.total_seconds())),
		},
		fields=fields,
		order_by="creation desc",
		limit_page_length=5,
	)
	return [{**row, "creation": utc(row.creation).isoformat()} for row in (*is_open, *lately)]


def _report_of(found: Mapping[str, Any]) -> Json:
	"""Return a snapshot's report; where only its numbers are kept, what they still say."""
	if found["report"]:
		kept: Json = json.loads(found["report"])
		return kept
	families = json.loads(found["families"] or "{}")
	return {"status": found["status"].lower(), "families": families, "checks": [], "changes": []}


def _incidents(fingerprints: Iterable[str]) -> dict[str, Json]:
	"""Return the open incident of each problem that has one."""
	wanted = set(fingerprints)
	if not wanted or not frappe.has_permission("Incident", "read"):
		return {}
	rows = frappe.get_all(
		"Incident",
		filters={"status": ("not in", _OVER)},
		fields=["name", "fingerprint", "status", "severity", "first_seen", "first_snapshot", "creation"],
		limit_page_length=0,
	)
	return {
		row.fingerprint: {**row, "began": utc(row.first_seen or row.creation)}
		for row in rows
		if row.fingerprint in wanted
	}


def _with_changes(
	incidents: Mapping[str, Json], grouped: Sequence[Mapping[str, Any]], snapshot: str, report: Json
) -> dict[str, Json]:
	"""Add to the incidents of the gravest problems what had changed on the site before they began."""
	roots = [group["root"]["fingerprint"] for group in grouped]
	told = [root for root in roots if root in incidents][:_MOST_STORIES]
	changes = {snapshot: report.get("changes") or []}
	wanted = {incidents[root]["first_snapshot"] for root in told} - {snapshot, None}
	for row in frappe.get_all(
		"Health Snapshot", filters={"name": ("in", list(wanted))}, fields=["name", "report"]
	):
		changes[row.name] = (json.loads(row.report).get("changes") if row.report else None) or []
	return {
		root: {
			"name": row["name"],
			"status": row["status"],
			"severity": row["severity"],
			"began": row["began"].isoformat(),
			"changes": changes.get(row["first_snapshot"], []) if root in told else None,
		}
		for root, row in incidents.items()
	}


def _readers_zone() -> Any:
	own = frappe.db.get_value("User", frappe.session.user, "time_zone")
	return zone(own or get_system_timezone())


def _in_words(said: Iterable[Sentence]) -> list[str]:
	"""Translate the sentences, and what in them is ours."""
	return [
		_(sentence.template).format(
			**{name: _(value) if name == "effect" else value for name, value in sentence.values.items()}
		)
		for sentence in said
	]
