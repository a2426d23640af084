"""Health snapshots: taking them, one per hour however many workers there are, and letting them go."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_to_date, now_datetime

from recovery_console.core import redact, snapshot
from recovery_console.core.errors import OutputError
from recovery_console.core.runner import Progress
from recovery_console.core.times import UTC
from recovery_console.in_site import diagnose, evidence, heartbeat, incidents, local, notices, plain, runs
from recovery_console.in_site.transactions import log_failure, until_written

DOCTYPE = "Health Snapshot"
#: A snapshot that has been running for longer was interrupted.
INTERRUPTED_AFTER = timedelta(hours=1)
_BATCH = 500
#: So often a claim is tried that the database chose to end in a deadlock.
_ATTEMPTS = 5


def take(taken_by: str, slot: str | None = None, on_progress: Progress | None = None) -> str | None:
	"""Diagnose this site, keep the report and follow the incidents.

	Args:
		taken_by: Schedule, Person or Command Line.
		slot: The hour that this snapshot is for; None where there may be any number.
		on_progress: Called after each check.

	Returns:
		Name of the snapshot; None when another worker has this hour's.
	"""
	doc = _claim(taken_by, slot)
	if doc is None:
		return None
	try:
		report = diagnose(on_progress=on_progress).as_dict()
	except Exception as error:
		failed = {
			"status": "Failed",
			"title": _("Failed"),
			"error": plain(redact.redact_text(f"{type(error).__name__}: {error}"))[:1000],
		}
		_write(doc.name, failed)
		raise
	_keep(doc, report)
	if taken_by == "Schedule":
		heartbeat.after_snapshot(doc.name, report["status"])
		_repair_by_itself(report)
	return doc.name


def _repair_by_itself(report: Mapping[str, Any]) -> None:
	"""Start the runbooks that run by themselves; what goes wrong there must not lose the snapshot."""
	try:
		runs.run_automatic(report)
	except Exception:  # noqa: BLE001 (kept in Error Log)
		log_failure("a runbook could not be started by itself")


def keep(report: Mapping[str, Any], taken_by: str) -> str:
	"""Keep a report that was made elsewhere, follow the incidents and return the name of the snapshot."""
	doc = _claim(taken_by, None)
	_keep(doc, report)
	heartbeat.after_snapshot(doc.name, report["status"])
	return doc.name


def this_hour() -> str:
	"""Name the present hour, in UTC, so that no hour comes twice when the clocks go back."""
	return datetime.now(UTC).strftime("%Y-%m-%d %H")


def _claim(taken_by: str, slot: str | None) -> Document | None:
	"""Store a snapshot that is about to be taken; None when another worker was first.

	The unique column decides, so this holds for workers on several machines and needs no Redis.
	"""
	until_written(_give_up_interrupted)
	frappe.db.commit()  # its locks must not meet those of another worker's insert
	for _attempt in range(_ATTEMPTS):
		try:
			return _insert_claim(taken_by, slot)
		except frappe.UniqueValidationError:
			frappe.db.rollback()
			frappe.clear_messages()
			return None
		except frappe.QueryDeadlockError:
			frappe.db.rollback()  # the database let the other one go first: see who that was
	raise OutputError(
		"The snapshot could not be claimed: other workers were at it again and again.",
		remedy="Nothing is lost: the next hour's snapshot tries again.",
	)


def _insert_claim(taken_by: str, slot: str | None) -> Document:
	doc = frappe.new_doc(DOCTYPE)
	doc.update(
		{
			"status": "Running",
			"title": _("Running"),
			"started": now_datetime(),
			"taken_by": taken_by,
			"slot": slot,
		}
	)
	doc.insert(ignore_permissions=True)
	frappe.db.commit()
	return doc


def _give_up_interrupted() -> None:
	frappe.db.set_value(
		DOCTYPE,
		{"status": "Running", "started": ("<", now_datetime() - INTERRUPTED_AFTER)},
		{
			"status": "Failed",
			"title": _("Failed"),
			"error": _("It was interrupted: the process that took it ended."),
		},
	)


def _keep(doc: Document, report: Mapping[str, Any]) -> None:
	counts = snapshot.count(report)
	_write(
		doc.name,
		{
			"title": _summary(counts),
			"status": "OK" if report["status"] == "ok" else report["status"].capitalize(),
			"started": local(datetime.fromisoformat(report["started"])),
			"duration_ms": report["duration_ms"],
			"host": report["host"],
			"frappe_version": report["frappe"],
			"console_version": report["console"],
			"redaction_version": redact.VERSION,
			"critical_count": counts.critical,
			"warning_count": counts.warning,
			"unknown_count": counts.unknown,
			"families": json.dumps(report["families"]),
			"measurements": json.dumps(snapshot.measurements(report)),
			"report": json.dumps(report, ensure_ascii=False),
		},
	)
	try:
		incidents.follow(report, doc.name)
		frappe.db.commit()
	except Exception:  # noqa: BLE001 (logged; the snapshot is kept)
		log_failure("incidents not updated")
	evidence.after_report(report, doc.name)
	if not (getattr(frappe.local, "request", None) or getattr(frappe.local, "job", None)):
		notices.deliver_quietly()  # a command has no end of its own at which it would be done


def _write(name: str, values: Mapping[str, Any]) -> None:
	"""Write into a snapshot and commit.

	SQLite refuses whoever has read before another one wrote, as this process has while it took the snapshot.
	"""

	def write() -> None:
		doc = frappe.get_doc(DOCTYPE, name)
		doc.update(values)
		doc.save(ignore_permissions=True)
		frappe.db.commit()

	frappe.db.commit()
	until_written(write)


def _summary(counts: snapshot.Counts) -> str:
	"""Say in a line what a report says: this is what lists show."""
	parts = [
		_("{0} critical").format(counts.critical) if counts.critical else "",
		_("{0} warnings").format(counts.warning) if counts.warning > 1 else "",
		_("1 warning") if counts.warning == 1 else "",
		_("{0} could not look").format(counts.unknown) if counts.unknown else "",
	]
	return ", ".join(part for part in parts if part) or _("All is well")


def thin() -> None:
	"""Let go of what Recovery Settings no longer keep: first whole reports, then snapshots."""
	settings = frappe.get_cached_doc("Recovery Settings")
	_drop_reports(add_to_date(now_datetime(), days=-settings.report_days))
	kept = frappe.get_all(
		DOCTYPE,
		filters={"started": ("<", add_to_date(now_datetime(), days=-settings.hourly_days))},
		fields=["name", "started"],
		limit_page_length=100_000,
		order_by="started asc",
	)
	delete(
		snapshot.to_thin(
			[(row.name, row.started) for row in kept],
			now_datetime(),
			every=timedelta(days=settings.hourly_days),
			once_a_day=timedelta(days=settings.daily_days),
		)
	)


def _drop_reports(before: datetime) -> None:
	table = frappe.qb.DocType(DOCTYPE)
	frappe.qb.update(table).set(table.report, "").where((table.started < before) & (table.report != "")).run()
	frappe.db.commit()


def delete(names: list[str]) -> None:
	"""Delete snapshots, in batches; incidents forget that they pointed there."""
	for start in range(0, len(names), _BATCH):
		batch = names[start : start + _BATCH]
		for field in ("first_snapshot", "last_snapshot"):
			frappe.db.set_value("Incident", {field: ("in", batch)}, field, None, update_modified=False)
		frappe.db.delete(DOCTYPE, {"name": ("in", batch)})
		frappe.db.commit()
