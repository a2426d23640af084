"""Incidents as documents: what a diagnosis changes is worked out in core and written here."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import add_to_date, now_datetime
from frappe.utils.synchronization import filelock

from recovery_console.core.errors import ConsoleError
from recovery_console.core.incident import (
	REOPEN_WITHIN,
	Change,
	IncidentStatus,
	Known,
	Sighting,
)
from recovery_console.core.incident import follow as work_out
from recovery_console.core.run import ENDED, Run
from recovery_console.core.timeline import EventKind
from recovery_console.in_site import local, plain, timeline, utc

DOCTYPE = "Incident"
#: So many of the newest runs, and incidents of each, are looked at.
_MOST_RUNS = 20
#: Longest text that a title holds.
_TITLE = 240


def follow(report: Mapping[str, Any], snapshot: str) -> None:
	"""Open, update, resolve and reopen incidents after a report.

	An incident that cannot be written is logged, and does not keep the others from being written.
	"""
	when = datetime.fromisoformat(report["started"])
	with filelock("recovery_console_incidents"):
		for change in work_out(_known(), report, when):
			_write(change, when, snapshot)


def _known() -> list[Known]:
	over = [IncidentStatus.RESOLVED.value, IncidentStatus.CLOSED.value]
	fields = [
		"name", "fingerprint", "check_id", "status", "severity", "gravity", "count", "healthy_checks", "resolved_at", "lines"
	]  # fmt: skip
	rows = frappe.get_all(DOCTYPE, filters={"status": ("not in", over)}, fields=fields)
	rows += frappe.get_all(
		DOCTYPE,
		filters={
			"status": IncidentStatus.RESOLVED.value,
			"resolved_at": (">", now_datetime() - REOPEN_WITHIN),
		},
		fields=fields,
	)
	return [
		Known(
			name=row.name,
			fingerprint=row.fingerprint,
			check=row.check_id,
			status=IncidentStatus(row.status),
			severity=row.severity,
			gravity=row.gravity,
			count=row["count"],
			healthy_checks=row.healthy_checks,
			resolved=utc(row.resolved_at) if row.resolved_at else None,
			events=row.lines,
		)
		for row in rows
	]


def _write(change: Change, when: datetime, snapshot: str) -> None:
	frappe.db.savepoint("recovery_console_incident")
	try:
		doc = frappe.get_doc(DOCTYPE, change.incident) if change.incident else frappe.new_doc(DOCTYPE)
		_fill(doc, change, local(when), snapshot)
		doc.flags.from_console = True
		doc.flags.ignore_version = True  # the timeline tells it; a version every hour would only fill tables
		doc.flags.ignore_links = True  # snapshots are let go of earlier than incidents
		doc.save(ignore_permissions=True)
		for event in change.events:
			timeline.add(doc.name, event.kind, event.detail, at=when, snapshot=snapshot)
	except frappe.UniqueValidationError:
		# Another worker has opened it in this moment: its next diagnosis will find it open.
		frappe.db.rollback(save_point="recovery_console_incident")
		frappe.clear_messages()
	except Exception:  # noqa: BLE001 (logged; the other incidents go on)
		frappe.db.rollback(save_point="recovery_console_incident")
		frappe.log_error(
			title="Recovery Console: incident not updated",
			message=f"{change.fingerprint}\n{frappe.get_traceback()}",
		)


def _fill(doc: Document, change: Change, when: datetime, snapshot: str) -> None:
	doc.update(
		{
			"fingerprint": change.fingerprint,
			"status": change.status.value,
			"severity": change.severity,
			"healthy_checks": change.healthy_checks,
		}
	)
	if change.status is IncidentStatus.RESOLVED:
		doc.resolved_at = when
	if change.sighting is not None:
		_fill_sighting(doc, change.sighting, when, snapshot)


def _fill_sighting(doc: Document, sighting: Sighting, when: datetime, snapshot: str) -> None:
	finding = sighting.finding
	doc.update(
		{
			"check_id": sighting.check,
			"family": sighting.family,
			"title": plain(finding["title"])[:_TITLE],
			"cause": plain(finding["cause"]),
			"remedy": plain(finding["remedy"]),
			"gravity": finding["severity"],
			"count": finding["count"],
			"occurrences": (doc.occurrences or 0) + 1,
			"first_seen": doc.first_seen or when,
			"last_seen": when,
			"resolved_at": None,
			"first_snapshot": doc.first_snapshot or snapshot,
			"last_snapshot": snapshot,
		}
	)
	doc.set("findings", [_row(item) for item in (finding, *sighting.explained)])


def _row(finding: Mapping[str, Any]) -> dict[str, Any]:
	return {
		"finding": plain(finding["title"])[:_TITLE],
		"gravity": finding["severity"],
		"count": finding["count"],
		"fingerprint": finding["fingerprint"],
		"cause": plain(finding["cause"]),
		"remedy": plain(finding["remedy"]),
		"subjects": json.dumps(finding["subjects"], ensure_ascii=False),
		"evidence": json.dumps(finding["evidence"], ensure_ascii=False),
	}


def tell_of_runs(load: Callable[[str], Run]) -> None:
	"""Write into the timelines of incidents which runs were made for them and how these ended. Each once.

	Also for runs of break-glass, once they are adopted.

	Args:
		load: Returns a run by its name.
	"""
	since = add_to_date(now_datetime(), days=-2, as_datetime=True)
	over = [state.value for state in ENDED]
	rows = frappe.get_all(
		"Runbook Run",
		filters={"state": ("in", over), "modified": (">", since)},
		fields=["name", "state"],
		order_by="modified desc",
		limit=_MOST_RUNS,
	)
	with filelock("recovery_console_incidents"):
		for row in rows:
			with suppress(ConsoleError):  # a damaged journal is told where runs are shown
				_tell_of_run(load(row.name))


def _tell_of_run(run: Run) -> None:
	seen = [name for check in run.before.values() for name in check["findings"]]
	if not seen or not run.planned:
		return
	sign = f"{run.id}: {run.state.value}"
	for name in frappe.get_all(
		DOCTYPE, filters={"fingerprint": ("in", seen)}, pluck="name", limit=_MOST_RUNS
	):
		if frappe.db.exists(timeline.DOCTYPE, {"incident": name, "detail": ("like", f"{sign}%")}):
			continue
		detail = f"{sign}. {run.title}. {run.said}"
		timeline.add(
			name,
			EventKind.REPAIRED,
			detail,
			at=run.last,
			reference=("Runbook Run", run.id),
			actor=run.requested_by,
		)
	frappe.db.commit()
