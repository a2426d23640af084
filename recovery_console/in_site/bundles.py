"""Evidence bundles as private files of their incidents."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils.file_lock import LockTimeoutError
from frappe.utils.synchronization import filelock

from recovery_console.core.bundle import write
from recovery_console.core.errors import ConsoleError
from recovery_console.core.finding import _ as text
from recovery_console.core.timeline import EventKind, moment_of
from recovery_console.core.times import UTC
from recovery_console.in_site import open_site, runs, timeline, utc

DOCTYPE = "Incident"
#: The report of a snapshot that is not older stands in the bundle; else the site is looked at anew.
YOUNG = timedelta(minutes=15)
_KIB = 1024
#: What of an incident is of no use to a reader.
_HIDDEN = ("impact", "clocks", "open_key", "findings", "doctype", "modified_by", "docstatus", "idx")


def make(incident: str, actor: str = "", now: datetime | None = None) -> str:
	"""Make an evidence bundle, attach it to its incident and tell the timeline. What was done before is committed.

	Args:
		incident: Name of the incident.
		actor: Who asked for it; empty where the console makes it by itself.
		now: The present moment, aware.

	Returns:
		Name of the File.

	Raises:
		ConsoleError: It cannot be written; the timeline says so as well. Or another one is being made just now.
	"""
	try:
		with filelock("recovery_console_bundle", timeout=1):
			return _make(incident, actor, now or datetime.now(UTC))
	except LockTimeoutError as error:
		raise ConsoleError(
			"An evidence bundle is being made just now.", remedy="Wait for it, then ask again."
		) from error


def _make(incident: str, actor: str, now: datetime) -> str:
	data = _data(frappe.get_doc(DOCTYPE, incident), now)
	frappe.db.commit()  # what is written until now is seen by the bundle, and no row is locked meanwhile
	name = f"evidence-{incident}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{frappe.generate_hash(length=6)}.zip"
	path = Path(frappe.get_site_path("private", "files", name)).resolve()
	try:
		with open_site() as site:
			manifest = write(site, data, path, journal=runs.engine().journal)
	except Exception as error:
		frappe.db.rollback()
		said = f"{error.message} {error.remedy}" if isinstance(error, ConsoleError) else _broken(error)
		timeline.add(incident, EventKind.EVIDENCE, said, actor=actor, at=now)
		frappe.db.commit()
		raise
	file = _attach(incident, path, manifest["bytes"])
	timeline.add(incident, EventKind.EVIDENCE, _told(manifest), actor=actor, at=now, reference=("File", file))
	frappe.db.commit()
	return file


def _broken(error: Exception) -> str:
	return text("No evidence bundle could be made: {error}").format(error=f"{type(error).__name__}: {error}")


def _told(manifest: Mapping[str, Any]) -> str:
	"""Say what was kept, and what is missing."""
	said = text("An evidence bundle was made: {count} files, {size} KiB, SHA-256 {seal}.").format(
		count=sum("sha256" in item for item in manifest["files"]),
		size=max(1, round(manifest["bytes"] / _KIB)),
		seal=manifest["sha256"],
	)
	missing = [
		item["holds"] if item["file"].endswith("/") else item["file"]
		for item in manifest["files"]
		if item["status"] in ("unknown", "left out")
	]
	if not missing:
		return said
	return text("{said} Not in it: {missing}; the manifest says why.").format(
		said=said, missing=", ".join(missing)
	)


def _data(doc: Document, now: datetime) -> dict[str, Any]:
	"""Return what core needs to know of an incident."""
	lines = timeline.read(doc.name)
	fields = {
		name: value.isoformat() if isinstance(value, datetime) else value
		for name, value in doc.as_dict(no_default_fields=False).items()
		if name not in _HIDDEN and isinstance(value, (str, int, float, datetime))
	}
	return {
		**fields,
		"first_seen": utc(doc.first_seen).isoformat() if doc.first_seen else "",
		"findings": [_finding(row) for row in doc.findings],
		"impact": doc.impact,
		"timeline": [
			{
				"number": line.number,
				"at": moment_of(line.at),
				"event": line.event,
				"detail": line.detail,
				"actor": line.actor,
				"snapshot": line.snapshot,
				"reference_doctype": line.reference[0],
				"reference_name": line.reference[1],
				"seal": line.seal,
			}
			for line in lines
		],
		"runs": list(dict.fromkeys(line.reference[1] for line in lines if line.reference[0] == runs.DOCTYPE)),
		"report": _report(doc, now),
	}


def _finding(row: Document) -> dict[str, Any]:
	return {
		"title": row.finding,
		"severity": row.gravity,
		"count": row.count,
		"fingerprint": row.fingerprint,
		"cause": row.cause,
		"remedy": row.remedy,
		"subjects": json.loads(row.subjects or "[]"),
		"evidence": json.loads(row.evidence or "{}"),
	}


def _report(doc: Document, now: datetime) -> dict[str, Any] | None:
	"""Return the report of the incident's last snapshot, if it is young."""
	found = frappe.db.get_value(
		"Health Snapshot", doc.last_snapshot or "", ["started", "report"], as_dict=True
	)
	if not found or not found.report or now - utc(found.started) > YOUNG:
		return None
	return json.loads(found.report)


def _attach(incident: str, path: Path, size: int) -> str:
	"""Attach a file that lies in its place already. Frappe would read it whole, and Frappe 16 as a text."""
	digest = hashlib.md5(usedforsecurity=False)
	with path.open("rb") as file:
		while piece := file.read(1024 * 1024):
			digest.update(piece)
	doc = frappe.new_doc("File")
	doc.update(
		{
			"file_name": path.name,
			"file_url": f"/private/files/{path.name}",
			"is_private": 1,
			"file_size": size,
			"file_type": "ZIP",
			"content_hash": digest.hexdigest(),
			"folder": "Home/Attachments",
			"attached_to_doctype": DOCTYPE,
			"attached_to_name": incident,
		}
	)
	doc.set_new_name()
	doc.set_user_and_timestamp()
	doc.db_insert()
	return doc.name
