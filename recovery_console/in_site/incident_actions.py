"""What people do with incidents. Each function checks its own rules and writes the timeline; none commits.

Who may do what is asked by those who call: `api_incidents` asks the roles of the user, a shell may do everything.
"""

from datetime import datetime

import frappe
from frappe import _
from frappe.desk.form import assign_to
from frappe.model.document import Document

from recovery_console.core import acting
from recovery_console.core.acting import by_hand_fingerprint
from recovery_console.core.errors import UsageError
from recovery_console.core.incident import IncidentStatus, open_key
from recovery_console.core.redact import redact_text
from recovery_console.core.silence import check_reason, check_snooze
from recovery_console.core.timeline import EventKind
from recovery_console.core.times import UTC
from recovery_console.in_site import clipped, clocks, local, plain, timeline
from recovery_console.in_site.incident_record import (
	DOCTYPE,
	TITLE,
	begin_review,
	move,
	read,
	save,
	tell,
	tell_status,
)

#: What a change of status is called in the timeline.
_KINDS = {"Resolved": EventKind.RESOLVED, "Reopened": EventKind.REOPENED}


def open_by_hand(
	title: str,
	*,
	severity: str,
	category: str = "Technical",
	description: str = "",
	check: str = "",
	source: str = "Person",
	actor: str = "",
	now: datetime | None = None,
) -> str:
	"""Open an incident that no check found. One of the same title that is open is returned, with a line more.

	Args:
		title: What is wrong, in a few words.
		severity: S1 to S4.
		category: Technical, Security, Data Loss, Performance or Vendor.
		description: What was seen, the exact text of the error.
		check: Id of a check that is about it, where there is one.
		source: Person, Command Line or Break-Glass.
		actor: Who opens it; the user of this session by default.
		now: When it was opened, aware.

	Returns:
		Name of the incident.

	Raises:
		UsageError: It has no title, or the severity or category is none.
	"""
	severity = acting.check_opening(title, severity, category)
	when, who = now or datetime.now(UTC), actor or frappe.session.user
	title = plain(redact_text(title)).strip()[:TITLE]
	fingerprint = by_hand_fingerprint(title)
	twin = frappe.db.get_value(DOCTYPE, {"open_key": open_key(fingerprint, "Detected"), "check_id": check})
	if twin:
		text = _("Reported again. {0}").format(description).strip()
		timeline.add(twin, EventKind.SEEN, text, actor=who, at=when)
		return twin
	doc = frappe.new_doc(DOCTYPE)
	doc.update(
		{
			"title": title,
			"status": IncidentStatus.DETECTED.value,
			"severity": severity,
			"category": category,
			"description": clipped(redact_text(description)),
			"source": source,
			"check_id": check,
			"family": check.partition(".")[0],
			"fingerprint": fingerprint,
			"gravity": "critical" if severity in ("S1", "S2") else "warning",
			"first_seen": local(when),
			"last_seen": local(when),
		}
	)
	clocks.started(doc, when)
	save(doc)
	timeline.add(doc.name, EventKind.OPENED, f"{title}\n{description}".strip(), actor=who, at=when)
	tell("Opened", doc.name, now=when)
	return doc.name


def set_status(name: str, status: str, *, actor: str, note: str = "", now: datetime | None = None) -> None:
	"""Give an incident a status.

	Args:
		name: Name of the incident.
		status: Acknowledged, Investigating, Mitigated, Resolved, Closed or Reopened.
		actor: Who does it.
		note: What there is to say; Resolved and Reopened need one.
		now: When, aware.

	Raises:
		UsageError: The status may not follow, or needs a note.
	"""
	when = now or datetime.now(UTC)
	doc = read(name)
	acting.check_status(
		doc.status,
		status,
		note,
		severity=doc.severity,
		reviewed=_reviewed(name),
		merged=doc.merged_into or "",
	)
	before = move(doc, status, when)
	if before == status:
		if note.strip():
			timeline.add(name, EventKind.NOTE, note, actor=actor, at=when)
		return
	if status == IncidentStatus.MITIGATED:
		doc.mitigated_by = actor
	if not doc.responder and status in ("Acknowledged", "Investigating") and _is_user(actor):
		doc.responder = actor
	save(doc)
	text = _("{0} → {1}.").format(_(before), _(status))
	timeline.add(name, _KINDS.get(status, EventKind.STATUS), f"{text} {note}".strip(), actor=actor, at=when)
	tell_status(doc, note, when)
	if status == IncidentStatus.RESOLVED:
		begin_review(doc)


def set_severity(name: str, severity: str, reason: str, *, actor: str, now: datetime | None = None) -> None:
	"""Change the severity of an incident. The console never lowers what a person chose.

	Raises:
		UsageError: There is no such severity or no reason, or the incident is closed.
	"""
	when = now or datetime.now(UTC)
	doc = read(name)
	acting.check_lives(doc.status, doc.merged_into or "")
	before = doc.severity
	doc.severity = acting.check_severity(before, severity, reason)
	if doc.severity == before:
		return
	doc.severity_reason = redact_text(reason)
	severity_chosen(doc, before, when)
	save(doc)
	tell_of_severity(doc, before, actor=actor, now=when)


def severity_chosen(doc: Document, before: str, now: datetime) -> None:
	"""Time an incident anew whose severity a person changed. It wakes when it was snoozed and is graver now."""
	clocks.severity_changed(doc, now)
	if doc.snoozed_until and doc.severity < before:
		clocks.snoozed(doc, None, now)
		doc.snooze_reason = None


def tell_of_severity(doc: Document, before: str, *, actor: str, now: datetime) -> None:
	"""Write into the timeline that a person changed the severity, and have it told where it is graver."""
	detail = _("{0} → {1}: {2}").format(before, doc.severity, doc.severity_reason)
	timeline.add(doc.name, EventKind.SEVERITY, detail, actor=actor, at=now)
	if doc.severity < before:
		tell("Worse", doc.name, detail, now)


def note(name: str, text: str, *, actor: str, now: datetime | None = None) -> None:
	"""Add a note to the timeline; also to one that is closed.

	Raises:
		UsageError: It is empty.
	"""
	acting.check_note(text)
	_must_exist(name)
	timeline.add(name, EventKind.NOTE, text, actor=actor, at=now or datetime.now(UTC))


def merge(name: str, into: str, *, actor: str, now: datetime | None = None) -> None:
	"""Merge a duplicate into another incident. It is closed, and what it is about lives on in the other.

	When its problem is seen again that counts for the other one; what stood beneath it stands beneath the other.

	Args:
		name: The duplicate.
		into: The incident that stays.
		actor: Who does it.
		now: When, aware.

	Raises:
		UsageError: One of them is over, or was merged before.
	"""
	when = now or datetime.now(UTC)
	doc, other = (read(each) for each in (name, into))
	acting.check_merge(
		name,
		into,
		doc.status,
		other.status,
		merged=doc.merged_into or "",
		into_merged=other.merged_into or "",
	)
	if _stands_beneath(other, name):
		other.parent_incident = doc.parent_incident
		clocks.arranged(other)
		save(other)
	doc.merged_into = into
	doc.parent_incident = None
	move(doc, IncidentStatus.CLOSED.value, when)
	save(doc)
	for child in frappe.get_all(DOCTYPE, {"parent_incident": name}, pluck="name"):
		_put_beneath(child, into)
	frappe.db.set_value(DOCTYPE, {"merged_into": name}, "merged_into", into, update_modified=False)
	timeline.add(name, EventKind.MERGED, _("Merged into {0}.").format(into), actor=actor, at=when)
	text = _("{0} was merged into this one: {1}").format(name, doc.title)
	timeline.add(
		into,
		EventKind.MERGED,
		f"{text}\n{doc.description or ''}".strip(),
		actor=actor,
		at=when,
		reference=(DOCTYPE, name),
	)


def snooze(name: str, until: datetime, reason: str, *, actor: str, now: datetime | None = None) -> None:
	"""Let an incident sleep: nobody is told or called until then, or until it gets worse. Its clocks run on.

	Whoever snoozes it has seen it: it is acknowledged.

	Args:
		name: Name of the incident.
		until: When it wakes, aware.
		reason: Why.
		actor: Who does it.
		now: When, aware.

	Raises:
		UsageError: There is no reason, the moment is past or too far away, or the incident is over.
	"""
	when = now or datetime.now(UTC)
	doc = read(name)
	_must_be_open(doc)
	check_reason(reason)
	check_snooze(until, when, doc.severity)
	if IncidentStatus(doc.status).waits:
		move(doc, IncidentStatus.ACKNOWLEDGED.value, when)
	clocks.snoozed(doc, until, when)
	doc.snooze_reason = redact_text(reason)
	save(doc)
	detail = _("Until {0} UTC: {1}").format(until.astimezone(UTC).strftime("%Y-%m-%d %H:%M"), reason)
	timeline.add(name, EventKind.SNOOZED, detail, actor=actor, at=when)


def wake(name: str, *, actor: str, now: datetime | None = None) -> None:
	"""End the snooze of an incident.

	Raises:
		UsageError: It is not snoozed.
	"""
	when = now or datetime.now(UTC)
	doc = read(name)
	if not doc.snoozed_until:
		raise UsageError(_("The incident is not snoozed."), remedy=_("Nothing is left to do."))
	clocks.snoozed(doc, None, when)
	doc.snooze_reason = None
	save(doc)
	timeline.add(name, EventKind.CONTINUED, _("It is not snoozed any more."), actor=actor, at=when)


def pause(name: str, kind: str, reason: str, *, actor: str, now: datetime | None = None) -> None:
	"""Let the clock of resolving stand still while others have to act.

	Args:
		name: Name of the incident.
		kind: For whom it waits: Vendor or Customer.
		reason: Why.
		actor: Who does it.
		now: When, aware.

	Raises:
		UsageError: There is no reason, it waits already, or it is over.
	"""
	when = now or datetime.now(UTC)
	doc = read(name)
	_must_be_open(doc)
	check_reason(reason)
	clocks.paused(doc, kind, when)
	doc.update({"pause_kind": kind, "pause_reason": redact_text(reason)})
	save(doc)
	text = _("Waiting for: {0}. {1}").format(_(kind), reason)
	timeline.add(name, EventKind.PAUSED, text, actor=actor, at=when)


def go_on(name: str, *, actor: str, now: datetime | None = None) -> None:
	"""Let the clock of resolving go on.

	Raises:
		UsageError: It does not stand still.
	"""
	when = now or datetime.now(UTC)
	doc = read(name)
	clocks.continued(doc, when)
	doc.update({"pause_kind": None, "pause_reason": None})
	save(doc)
	timeline.add(name, EventKind.CONTINUED, _("The clock of resolving goes on."), actor=actor, at=when)


def assign(name: str, user: str, *, actor: str, now: datetime | None = None) -> None:
	"""Make somebody responsible, as a Frappe assignment too; an empty user: nobody.

	Raises:
		UsageError: There is no such user, or the user may not see incidents.
	"""
	when = now or datetime.now(UTC)
	doc = read(name)
	acting.check_lives(doc.status, doc.merged_into or "")
	if user and not (_is_user(user) and frappe.has_permission(DOCTYPE, "write", doc=doc, user=user)):
		raise UsageError(
			_("{0} cannot work on incidents.").format(user),
			remedy=_("Name an enabled user who is Recovery Operator or Recovery Manager."),
		)
	before = doc.responder or ""
	if before == user:
		return
	doc.responder = user or None
	save(doc)
	text = _("Responder: {0}.") if user else _("Nobody is responder any more.")
	timeline.add(name, EventKind.NOTE, text.format(user), actor=actor, at=when)
	_assign_in_frappe(doc, before, user)


def _assign_in_frappe(doc: Document, before: str, user: str) -> None:
	if before:
		assign_to.remove(DOCTYPE, doc.name, before, ignore_permissions=True)
	if user:
		assign_to.add(
			{"assign_to": [user], "doctype": DOCTYPE, "name": doc.name, "description": doc.title},
			ignore_permissions=True,
		)


def _stands_beneath(doc: Document, upper: str) -> bool:
	"""Tell whether another incident is anywhere above this one: what was beneath that one comes beneath this one."""
	passed: set[str] = set()
	above = doc.parent_incident
	while above and above not in passed:
		if above == upper:
			return True
		passed.add(above)
		above = frappe.db.get_value(DOCTYPE, above, "parent_incident")
	return False


def _put_beneath(child: str, parent: str) -> None:
	if child == parent:
		return
	doc = read(child)
	doc.parent_incident = parent
	clocks.arranged(doc)
	save(doc)


def _must_be_open(doc: Document) -> None:
	acting.check_lives(doc.status, doc.merged_into or "")
	if not IncidentStatus(doc.status).is_open:
		raise UsageError(_("The incident is resolved."), remedy=_("Reopen it first if it is not over."))


def _must_exist(name: str) -> None:
	if not frappe.db.exists(DOCTYPE, name):
		raise UsageError(
			_("There is no incident {0}.").format(repr(name)), remedy=_("Look it up in the list.")
		)


def _is_user(name: str) -> bool:
	return bool(frappe.db.get_value("User", name, "enabled"))


def _reviewed(name: str) -> bool:
	return bool(frappe.db.exists("Incident Review", {"incident": name, "docstatus": 1}))
