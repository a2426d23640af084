"""Timelines of incidents as documents: every line is added here, and nowhere else."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import frappe
from frappe.model.document import Document

from recovery_console.core.redact import redact_text
from recovery_console.core.timeline import EventKind, Line, moment_of, seal_of
from recovery_console.core.times import UTC
from recovery_console.in_site import clipped, local, plain

DOCTYPE = "Incident Event"
INCIDENT = "Incident"
_FIELDS = [
	"number", "moment", "event", "detail", "actor", "snapshot", "reference_doctype", "reference_name", "previous", "seal"
]  # fmt: skip


def add(
	incident: str,
	kind: EventKind,
	detail: str,
	*,
	actor: str = "",
	at: datetime | None = None,
	snapshot: str = "",
	reference: tuple[str, str] = ("", ""),
) -> Line:
	"""Add a line to the timeline of an incident. It is not committed.

	One at a time: the incident's row is locked until the transaction ends, so lines never get the same number.

	Args:
		incident: Name of the incident.
		kind: What it tells.
		detail: In words; redacted here.
		actor: Who did it; empty where the console saw it by itself.
		at: When, aware; now by default.
		snapshot: Name of the Health Snapshot that shows it.
		reference: DocType and name of what it is about.
	"""
	last, number = _latest(incident)
	line = Line(
		number=number + 1,
		at=(at or datetime.now(UTC)).astimezone(UTC),
		event=kind.value,
		detail=clipped(plain(redact_text(detail)).strip()),
		actor=actor,
		snapshot=snapshot or "",
		reference=reference,
		previous=last.seal if last else "",
	)
	line = replace(line, seal=seal_of(incident, line))
	_insert(incident, line)
	frappe.db.set_value(INCIDENT, incident, "lines", line.number, update_modified=False)
	return line


def read(incident: str, after: int = 0) -> list[Line]:
	"""Return the lines of an incident that follow a number, oldest first."""
	rows = frappe.get_all(
		DOCTYPE,
		filters={"incident": incident, "number": (">", after)},
		fields=_FIELDS,
		order_by="number asc",
		limit_page_length=0,
	)
	return [_line(row) for row in rows]


def as_dicts(incident: str, most: int = 200) -> list[dict[str, Any]]:
	"""Return the newest lines of an incident for a page, newest first; ``at`` is in the site's time."""
	return frappe.get_all(
		DOCTYPE,
		filters={"incident": incident},
		fields=[
			"number",
			"at",
			"event",
			"detail",
			"actor",
			"snapshot",
			"reference_doctype",
			"reference_name",
		],
		order_by="number desc",
		limit_page_length=most,
	)


def _latest(incident: str) -> tuple[Line | None, int]:
	"""Lock an incident and return its last line and number, as they are and not as this transaction first saw them.

	The line is locked by its number alone: a lock on "the last one" would reach into the gap in which other
	incidents write theirs.
	"""
	counted = frappe.db.get_value(INCIDENT, incident, "lines", for_update=True) or 0
	key = {"incident": incident, "number": counted}
	row = frappe.db.get_value(DOCTYPE, key, _FIELDS, as_dict=True, for_update=True) if counted else None
	last = _line(row) if row else _last(incident)  # one that is missing stays missing, and is noticed
	return last, max(counted, last.number if last else 0)


def _last(incident: str) -> Line | None:
	rows = frappe.get_all(
		DOCTYPE, filters={"incident": incident}, fields=_FIELDS, order_by="number desc", limit_page_length=1
	)
	return _line(rows[0]) if rows else None


def _line(row: frappe._dict) -> Line:
	return Line(
		number=row.number,
		at=datetime.fromisoformat(row.moment),
		event=row.event,
		detail=row.detail or "",
		actor=row.actor or "",
		snapshot=row.snapshot or "",
		reference=(row.reference_doctype or "", row.reference_name or ""),
		previous=row.previous or "",
		seal=row.seal or "",
	)


def _insert(incident: str, line: Line) -> None:
	doc: Document = frappe.new_doc(DOCTYPE)
	doc.update(
		{
			"incident": incident,
			"number": line.number,
			"at": local(line.at),
			"moment": moment_of(line.at),
			"event": line.event,
			"detail": line.detail,
			"actor": line.actor,
			"snapshot": line.snapshot,
			"reference_doctype": line.reference[0],
			"reference_name": line.reference[1],
			"previous": line.previous,
			"seal": line.seal,
		}
	)
	doc.flags.from_console = True
	doc.flags.ignore_links = True
	doc.insert(ignore_permissions=True)
