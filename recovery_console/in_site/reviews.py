"""Reviews of incidents as documents: drafted from the record, kept up to date until signed, and not forgotten."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.model.document import Document

from recovery_console.core import review as rules
from recovery_console.core.errors import ConsoleError
from recovery_console.core.incident import IncidentStatus
from recovery_console.core.timeline import EventKind
from recovery_console.core.times import UTC
from recovery_console.in_site import diagnose, local, plain, review_items, timeline, utc
from recovery_console.in_site.review_facts import facts_of, proposed_texts
from recovery_console.in_site.transactions import back_to, log_failure

DOCTYPE = "Incident Review"
INCIDENT = "Incident"
_NOT_FOLLOWED_UP = "reviews not followed up"
#: So many drafts have their checks asked again per sweep: each may take its seconds.
_MOST_ASKED = 3
#: An incident that was resolved longer ago is not drafted a review for any more.
_LATELY = timedelta(days=7)
_TITLE = 240


def draft(incident: str, *, asked: bool = False) -> str:
	"""Draft the review of an incident, or bring its draft up to date. It is not committed.

	What a person wrote in the draft stays. One draft per incident, whoever comes first.

	Args:
		incident: Name of the incident.
		asked: A person wants it; else only incidents that are to be reviewed get one.

	Returns:
		Name of the review; empty where none is wanted.
	"""
	doc = frappe.get_doc(INCIDENT, incident)
	if not asked and not rules.is_wanted(
		doc.severity, beneath=bool(doc.parent_incident), merged=bool(doc.merged_into)
	):
		return ""
	found = frappe.db.get_value(DOCTYPE, {"incident": incident, "docstatus": 0})
	if found:
		return _refreshed(found, doc)
	signed = _signed_since(doc)
	return signed if asked and signed else _drafted(doc)


def refresh(review: str) -> None:
	"""Bring a draft up to date and ask the checks of its incident again. Not committed; a signed one stays as it is."""
	doc = frappe.get_doc(DOCTYPE, review)
	if doc.docstatus == 0:
		_refreshed(review, frappe.get_doc(INCIDENT, doc.incident))
		_ask_again(review)


def lessons(incident: str) -> list[dict[str, Any]]:
	"""Return what signed reviews of the same problem, or of the one that explains it, taught before; newest first.

	Returns:
		``review``, ``incident``, ``signed_on``, ``lessons`` and ``prevention`` of each.
	"""
	doc = frappe.get_doc(INCIDENT, incident)
	return earlier_lessons(doc)


def earlier_lessons(incident: Document) -> list[dict[str, Any]]:
	"""See ``lessons``."""
	same = {incident.fingerprint, *(row.fingerprint for row in incident.findings)} - {None, ""}
	others = frappe.get_all(
		INCIDENT,
		filters={"fingerprint": ("in", sorted(same)), "name": ("!=", incident.name)},
		pluck="name",
		order_by="creation desc",
		limit_page_length=100,
	)
	if not others:
		return []
	return frappe.get_all(
		DOCTYPE,
		filters={"incident": ("in", others), "docstatus": 1},
		fields=["name as review", "incident", "signed_on", "lessons", "prevention"],
		order_by="signed_on desc",
		limit_page_length=5,
	)


def sweep(now: datetime) -> None:
	"""Ask checks again for new drafts, remind of reviews and action items that are due, take in what owners closed.

	Each part is committed by itself; one that cannot be done is logged, and the others go on.
	"""
	for part in (draft_missing, _ask_for_drafts, remind, review_items.sweep):
		try:
			part(now)
			frappe.db.commit()
		except Exception:  # noqa: BLE001 (logged; the other parts go on)
			log_failure(_NOT_FOLLOWED_UP)


def _signed_since(incident: Document) -> str:
	"""Return the review that was signed since the incident was last over; empty where there is none."""
	rows = frappe.get_all(
		DOCTYPE,
		filters={"incident": incident.name, "docstatus": 1},
		fields=["name", "signed_on"],
		order_by="signed_on desc",
		limit_page_length=1,
	)
	if not rows or (incident.resolved_at and rows[0].signed_on < incident.resolved_at):
		return ""
	return rows[0].name


def _drafted(incident: Document) -> str:
	doc = frappe.new_doc(DOCTYPE)
	doc.incident = incident.name
	frappe.db.savepoint("recovery_console_draft")
	try:
		_fill(doc, incident)
		doc.reviewer = incident.responder
		doc.insert(ignore_permissions=True)
	except frappe.UniqueValidationError:  # somebody else drafted it in this moment
		back_to("recovery_console_draft")
		frappe.clear_messages()
		return frappe.db.get_value(DOCTYPE, {"draft_key": incident.name}) or ""
	timeline.add(
		incident.name,
		EventKind.REVIEWED,
		_due_text(doc),
		reference=(DOCTYPE, doc.name),
	)
	return doc.name


def _due_text(doc: Document) -> str:
	if not doc.due:
		return frappe._("The review {0} was drafted.").format(doc.name)
	return frappe._("The review {0} was drafted. It is due on {1}.").format(doc.name, doc.due)


def _refreshed(review: str, incident: Document) -> str:
	doc = frappe.get_doc(DOCTYPE, review)
	_fill(doc, incident)
	doc.save(ignore_permissions=True)
	return review


def _fill(doc: Document, incident: Document) -> None:
	"""Bring everything up to date that the console writes; a person's words stay."""
	old = json.loads(doc.facts or "{}")
	facts = facts_of(incident, earlier_lessons(incident))
	proposed = proposed_texts(facts)
	facts |= {"checks_now": old.get("checks_now"), "drafted": proposed}
	written = {field: _written(doc.get(field)) for field in proposed}
	for field, text in rules.keep_words(written, old.get("drafted") or {}, proposed).items():
		doc.set(field, _read(field, text))
	moved_from = _moment(doc.due)
	due = rules.due_of(incident.severity, _moment(incident.resolved_at), _moment(incident.review_due))
	doc.update(
		{
			"title": plain(incident.title or incident.name)[:_TITLE],
			"severity": incident.severity,
			"finding_cause": incident.cause,
			"drafted_on": frappe.utils.now_datetime().replace(microsecond=0),
			"facts": json.dumps(facts, ensure_ascii=False),
			"due": local(due).replace(microsecond=0) if due else None,
		}
	)
	if _moment(doc.due) != moved_from:  # drafted, or resolved anew
		doc.next_reminder = first_reminder(local(due)) if due else None
	doc.flags.from_console = True
	doc.flags.ignore_version = True


def first_reminder(due: Any) -> str | None:
	"""Return when a review is to be reminded of first, as it is compared; None where it is optional.

	Args:
		due: When it is due, as Frappe stores it.
	"""
	moment = _moment(due)
	return text_of(rules.next_reminder(moment, datetime.now(UTC)))


def _written(value: Any) -> str:
	if isinstance(value, datetime):
		return utc(value).isoformat(timespec="seconds")
	return str(value or "")


def _read(field: str, text: str) -> Any:
	if field not in rules.MOMENTS:
		return text
	return local(datetime.fromisoformat(text)) if text else None


def _moment(stored: datetime | None) -> datetime | None:
	return utc(frappe.utils.get_datetime(stored)) if stored else None


def text_of(moment: datetime | None) -> str | None:
	"""Return a moment as it is compared in the database: UTC, ISO 8601, to the second."""
	return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None


def draft_missing(now: datetime) -> None:
	"""Draft reviews that could not be drafted when their incidents were resolved."""
	rows = frappe.get_all(
		INCIDENT,
		filters={
			"status": "Resolved",
			"severity": ("in", list(rules.DUE_AFTER)),
			"resolved_at": (">", local(now - _LATELY)),
			"parent_incident": ("is", "not set"),
			"merged_into": ("is", "not set"),
		},
		pluck="name",
		limit_page_length=100,
	)
	there = frappe.get_all(DOCTYPE, filters={"incident": ("in", rows or [""])}, pluck="incident")
	missing = [name for name in rows if name not in there]
	drafted = 0
	for name in missing:
		if drafted < _MOST_ASKED:
			drafted += _guarded(name, draft)


def _ask_for_drafts(now: datetime) -> None:  # noqa: ARG001 (the parts of the sweep are called alike)
	"""Ask the checks of incidents again whose drafts were made while nothing could be asked."""
	rows = frappe.get_all(
		DOCTYPE,
		filters={"docstatus": 0, "facts": ("like", '%"checks_now": null%')},
		pluck="name",
		order_by="creation desc",
		limit_page_length=_MOST_ASKED,
	)
	for name in rows:
		_guarded(name, _ask_again)


def _guarded(name: str, do: Callable[[str], Any]) -> bool:
	"""Do something for one document and commit it; what goes wrong is logged, and keeps no other one waiting."""
	try:
		do(name)
		frappe.db.commit()
	except Exception:  # noqa: BLE001 (logged; the others go on)
		log_failure(_NOT_FOLLOWED_UP, name)
		return False
	return True


def _ask_again(review: str) -> None:
	"""Keep what the incident's check says now. A check that is gone by now is said to be."""
	doc = frappe.get_doc(DOCTYPE, review)
	facts = json.loads(doc.facts)
	facts["checks_now"] = checks_now(facts["incident"]["check"])
	frappe.db.set_value(
		DOCTYPE, review, "facts", json.dumps(facts, ensure_ascii=False), update_modified=False
	)


def with_checks(facts: str) -> str:
	"""Return the facts of a review with what its check says, where it was never asked."""
	found = json.loads(facts or "{}")
	if found and not found.get("checks_now"):
		found["checks_now"] = checks_now(found["incident"]["check"])
		return json.dumps(found, ensure_ascii=False)
	return facts


def checks_now(check: str) -> dict[str, Any]:
	"""Run a check and return what it says: ``at``, and ``checks`` with status, reason and titles of findings."""
	said: Mapping[str, Any] = {"checks": [], "started": datetime.now(UTC).isoformat(timespec="seconds")}
	if check:
		with suppress(ConsoleError):  # it came with an app that is gone, or with an older console
			said = diagnose(checks=[check]).as_dict()
	return {
		"at": said["started"],
		"checks": [
			{
				"id": item["id"],
				"title": item["title"],
				"status": item["status"],
				"reason": item["reason"] or "",
				"findings": [finding["title"] for finding in item["findings"]],
			}
			for item in said["checks"]
		],
	}


def remind(now: datetime) -> None:
	"""Remind of reviews that are due soon, now, or since days. Each is committed by itself."""
	from recovery_console.in_site import notices

	rows = frappe.get_all(
		DOCTYPE,
		filters={"docstatus": 0, "next_reminder": ("<=", text_of(now)), "due": ("is", "set")},
		fields=["name", "incident", "due", "next_reminder"],
		limit_page_length=100,
	)
	for row in rows:
		status = frappe.db.get_value(INCIDENT, row.incident, "status")
		if status and IncidentStatus(status).is_open:
			continue  # it came back: its review is due anew when it is over
		due = utc(row.due)
		if claimed(DOCTYPE, row.name, row.next_reminder, rules.next_reminder(due, now)):
			what = frappe._("The review {0}").format(row.name)
			notices.tell("Review Due", row.incident, rules.reminder_text(what, due, now), now=now)
			frappe.db.commit()


def claimed(doctype: str, name: str, before: str, after: datetime | None) -> bool:
	"""Move a reminder on, and tell whether it was this process that did: of two sweepers only one reminds."""
	table = frappe.qb.DocType(doctype)
	moved = frappe.qb.update(table).set(table.next_reminder, text_of(after))
	moved.where((table.name == name) & (table.next_reminder == before)).run()
	return bool(frappe.db._cursor.rowcount)  # noqa: SLF001 (Frappe has no other way to tell)
