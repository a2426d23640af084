"""Action items of signed reviews: assigned to their owners, reminded of, and taken in when an owner is done."""

from datetime import date, datetime, time, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_system_timezone, getdate, now_datetime

from recovery_console.core import review as rules
from recovery_console.core.timeline import EventKind
from recovery_console.core.times import UTC, zone
from recovery_console.in_site import plain, timeline

DOCTYPE = "Incident Action Item"
REVIEW = "Incident Review"
OPEN = ("Open", "In Progress")


def follow_up(review: Document) -> None:
	"""Assign the open items of a signed review to their owners, close what is done, and tell the timeline.

	Called whenever a signed review was saved. Not committed.
	"""
	before = {row.name: row for row in (review.get_doc_before_save() or review).action_items}
	for row in review.action_items:
		if row.state in OPEN:
			_assign(review, row)
		else:
			_end(review, row, told=before.get(row.name, row).state not in OPEN and bool(row.done_on))


def _assign(review: Document, row: Document) -> None:
	"""See to it that the owner has a task that is due when the item is."""
	if row.todo and frappe.db.exists("ToDo", row.todo):
		task = frappe.get_doc("ToDo", row.todo)
		wanted = {"allocated_to": row.owner_user, "date": row.due, "status": "Open"}
		if any(str(task.get(field)) != str(value) for field, value in wanted.items()):
			task.update(wanted)
			task.save(ignore_permissions=True)
	else:
		task = frappe.new_doc("ToDo")
		task.update(
			{
				"allocated_to": row.owner_user,
				"assigned_by": review.signed_by,
				"date": row.due,
				"description": plain(row.action),
				"reference_type": REVIEW,
				"reference_name": review.name,
				"priority": "High" if review.severity == "S1" else "Medium",
			}
		)
		task.insert(ignore_permissions=True)
	reminder = rules.next_reminder(_due(row.due), datetime.now(UTC))
	row.db_set({"todo": task.name, "done_on": None, "next_reminder": _text(reminder)}, update_modified=False)


def _end(review: Document, row: Document, *, told: bool) -> None:
	"""Close the task of an item that is done or was dropped."""
	if row.todo and frappe.db.get_value("ToDo", row.todo, "status") == "Open":
		task = frappe.get_doc("ToDo", row.todo)
		task.status = "Closed" if row.state == "Done" else "Cancelled"
		task.save(ignore_permissions=True)
	row.db_set({"next_reminder": None, "done_on": row.done_on or now_datetime()}, update_modified=False)
	if not told:
		said = _("Action item done: {0}") if row.state == "Done" else _("Action item dropped: {0}")
		timeline.add(
			review.incident,
			EventKind.REVIEWED,
			said.format(row.action),
			actor=frappe.session.user,
			reference=(REVIEW, review.name),
		)


def let_go(review: Document) -> None:
	"""End the tasks of a review whose signature was withdrawn; the one that amends it gives them out anew."""
	for row in review.action_items:
		if row.todo and frappe.db.get_value("ToDo", row.todo, "status") == "Open":
			task = frappe.get_doc("ToDo", row.todo)
			task.status = "Cancelled"
			task.save(ignore_permissions=True)


def sweep(now: datetime) -> None:
	"""Take in the tasks that their owners closed, then remind of what is due."""
	for review, item in _closed_by_owners():
		finish(review, item, "Done", "")
		frappe.db.commit()
	for row in _due_rows(now):
		_remind(row, now)
		frappe.db.commit()


def finish(review: str, item: str, state: str, note: str) -> None:
	"""Set the state of an item of a signed review. Not committed."""
	doc = frappe.get_doc(REVIEW, review)
	for row in doc.action_items:
		if row.name == item:
			row.state = state
			row.note = plain(note) or row.note
	doc.flags.from_console = True
	doc.flags.ignore_permissions = True
	doc.save()


def _closed_by_owners() -> list[tuple[str, str]]:
	item, task = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType("ToDo")
	query = frappe.qb.from_(item).join(task).on(item.todo == task.name).select(item.parent, item.name)
	query = query.where(item.state.isin(OPEN) & (task.status == "Closed") & (item.docstatus == 1))
	return [(review, name) for review, name in query.limit(100).run()]


def _due_rows(now: datetime) -> list[Any]:
	return frappe.get_all(
		DOCTYPE,
		filters={"docstatus": 1, "state": ("in", OPEN), "next_reminder": ("<=", _text(now))},
		fields=["name", "parent", "action", "owner_user", "due", "next_reminder"],
		limit_page_length=100,
	)


def _remind(row: Any, now: datetime) -> None:
	from recovery_console.in_site import notices, reviews

	due = _due(row.due)
	if not reviews.claimed(DOCTYPE, row.name, row.next_reminder, rules.next_reminder(due, now)):
		return
	incident = frappe.db.get_value(REVIEW, row.parent, "incident")
	name, email = frappe.db.get_value("User", row.owner_user, ["full_name", "email"]) or ("", "")
	what = _("The action item of {0}, “{1}”,").format(name or row.owner_user, row.action)
	whom = {"contact_name": name or row.owner_user, "email": email, "user": row.owner_user}
	notices.tell("Action Due", incident, rules.reminder_text(what, due, now), contacts=[whom], now=now)


def _due(day: Any) -> datetime:
	"""Return when an item is due: at the end of its day, in the site's time."""
	found: date = getdate(day)
	return datetime.combine(found + timedelta(days=1), time(), zone(get_system_timezone())).astimezone(UTC)


def _text(moment: datetime | None) -> str | None:
	return moment.isoformat(timespec="seconds") if moment else None
