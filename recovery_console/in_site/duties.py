"""The check calendar as documents: sign-offs that come on time, are answered by snapshots, or wait for a person."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, now_datetime

from recovery_console.core import duties as rules
from recovery_console.core.duties import Duty, Period, Rhythm, SignOff
from recovery_console.core.redact import redact, redact_text
from recovery_console.in_site import local, plain
from recovery_console.in_site.transactions import back_to, log_failure

DOCTYPE = "Duty Sign-off"
DUTY = "Recovery Duty"
SNAPSHOT = "Health Snapshot"
_TITLE = 240
_WAITING = [SignOff.OPEN.value, SignOff.OVERDUE.value]


def sweep(now: datetime) -> None:
	"""Write down the sign-offs whose time has come, answer them from snapshots, and say which are overdue.

	Args:
		now: The present moment, aware. Days are those of the site's time zone.
	"""
	if frappe.db.get_single_value("Recovery Settings", "duties_off"):
		return
	today = local(now).date()
	known = _duties()
	_write_down(known, today)
	_answer(known)
	_move_on(known, today, now)


def _duties() -> dict[str, tuple[Duty, date]]:
	"""Return the duties that are switched on, each with the day on which the site got it."""
	rows = frappe.get_all(
		DUTY,
		filters={"enabled": 1},
		fields=[
			"name", "title", "rhythm", "instructions", "checks", "needs_person", "sign_off_role", "due_after_days", "creation",
		],
		limit_page_length=0,
	)  # fmt: skip
	return {row.name: (rules.duty_from(row.name, row), getdate(row.creation)) for row in rows}


def _write_down(known: Mapping[str, tuple[Duty, date]], today: date) -> None:
	"""Make each sign-off that there must be and is not. Of two sweepers, the database lets one."""
	wanted = [
		(duty, period)
		for duty, since in known.values()
		for period in rules.periods_to_have(duty, since, today)
	]
	names = [_name(duty, period) for duty, period in wanted]
	there = set(
		frappe.get_all(DOCTYPE, filters={"name": ("in", names or [""])}, pluck="name", limit_page_length=0)
	)
	for name, (duty, period) in zip(names, wanted, strict=True):
		if name not in there:
			_insert(duty, period)
	frappe.db.commit()


def _name(duty: Duty, period: Period) -> str:
	return f"{duty.id}-{period.name}"


def _insert(duty: Duty, period: Period) -> None:
	doc = frappe.new_doc(DOCTYPE)
	doc.update(
		{
			"duty": duty.id,
			"title": plain(duty.title)[:_TITLE],
			"rhythm": duty.rhythm.value,
			"period": period.name,
			"period_start": period.start,
			"period_end": period.end,
			"due_on": period.due(duty.due_after_days),
			"state": SignOff.OPEN.value,
			"waits_for": rules.for_person(duty),
		}
	)
	doc.flags.from_console = True
	frappe.db.savepoint("recovery_console_duty")
	try:
		doc.insert(ignore_permissions=True)
	except (
		frappe.UniqueValidationError,
		frappe.DuplicateEntryError,
	):  # another sweeper wrote it in this moment
		back_to("recovery_console_duty")
		frappe.clear_messages()


def _answer(known: Mapping[str, tuple[Duty, date]]) -> None:
	"""Let the newest snapshot of each period answer what waits, each snapshot once."""
	rows = frappe.get_all(
		DOCTYPE,
		filters={
			"state": ("in", _WAITING),
			"duty": ("in", [name for name, (duty, _day) in known.items() if duty.checks]),
		},
		fields=["name", "duty", "period_start", "period_end", "snapshot"],
		order_by="period_start asc",
		limit_page_length=0,
	)
	reports: dict[str, Mapping[str, Any]] = {}
	for row in rows:
		try:
			_answer_one(row, known[row.duty][0], reports)
			frappe.db.commit()
		except Exception:  # noqa: BLE001 (logged; the other sign-offs go on)
			log_failure("a duty is not answered", row.name)


def _answer_one(row: Any, duty: Duty, reports: dict[str, Mapping[str, Any]]) -> None:
	snapshot = _newest(row.period_start, row.period_end)
	if not snapshot or snapshot == row.snapshot:
		return
	if snapshot not in reports:
		reports[snapshot] = json.loads(frappe.db.get_value(SNAPSHOT, snapshot, "report"))
	answer = rules.answer(duty, reports[snapshot])
	if answer.asked:
		_take_answer(row.name, answer, snapshot)


def _newest(start: date, end: date) -> str | None:
	"""Return the newest snapshot of a period that still has its report."""
	return frappe.db.get_value(
		SNAPSHOT,
		[
			["status", "not in", ["Running", "Failed"]],
			["started", ">=", start],
			["started", "<", end + timedelta(days=1)],
			["report", "is", "set"],
		],
		"name",
		order_by="started desc",
	)


def _take_answer(name: str, answer: rules.Answer, snapshot: str) -> None:
	doc = frappe.get_doc(DOCTYPE, name, for_update=True)
	if not SignOff(doc.state).waits:
		return  # a person was faster
	doc.update(
		{
			"snapshot": snapshot,
			"waits_for": plain(redact_text(answer.waits_for)),
			"said": json.dumps(redact(list(answer.said)), ensure_ascii=False),
		}
	)
	if not answer.state.waits:
		doc.update({"state": answer.state.value, "answered_by": "Checks", "signed_on": now_datetime()})
		doc.late = getdate() > getdate(doc.due_on)
	_save(doc)


def _move_on(known: Mapping[str, tuple[Duty, date]], today: date, now: datetime) -> None:
	"""Mark what is overdue or missed, and tell of what has become overdue."""
	rows = frappe.get_all(
		DOCTYPE,
		filters={"state": ("in", _WAITING)},
		fields=[
			"name", "title", "duty", "rhythm", "period", "period_start", "period_end", "due_on", "state",
		],
		order_by="due_on asc",
		limit_page_length=0,
	)  # fmt: skip
	late = []
	for row in rows:
		state = _state(row, today) if row.duty in known else SignOff.NOT_APPLICABLE
		if state.value != row.state:
			doc = frappe.get_doc(DOCTYPE, row.name, for_update=True)
			if doc.state != row.state:
				continue  # a person or another sweeper was faster
			doc.state = state.value
			if row.duty not in known:
				doc.waits_for = _("The duty was switched off.")
			_save(doc)
			late += [row.title] if state is SignOff.OVERDUE else []
	if late:
		from recovery_console.in_site import notices

		notices.tell("Duty Due", "", rules.overdue_text(late), now=now)
	frappe.db.commit()


def _state(row: Any, today: date) -> SignOff:
	period = Period(row.period, row.period_start, row.period_end)
	return rules.state_on(SignOff(row.state), Rhythm(row.rhythm), period, row.due_on, today)


def sign(name: str, note: str, *, actor: str) -> None:
	"""Sign a duty off as a person. Not committed.

	Args:
		name: Name of the sign-off.
		note: What was done and seen.
		actor: Who signs.

	Raises:
		frappe.PermissionError: The person lacks the role.
		frappe.ValidationError: It is over already, or nothing is noted.
	"""
	doc = frappe.get_doc(DOCTYPE, name, for_update=True)
	role = frappe.db.get_value(DUTY, doc.duty, "sign_off_role") or rules.OPERATOR
	refused = rules.may_sign(doc.state, frappe.get_roles(actor), role)
	if refused:
		waits = SignOff(doc.state).waits
		frappe.throw(_(refused), frappe.PermissionError if waits else frappe.ValidationError)
	if not note.strip():
		frappe.throw(_("Note what you did and what you saw. Nothing was signed off."))
	doc.update(
		{
			"state": SignOff.DONE.value,
			"answered_by": "Person",
			"signed_by": actor,
			"signed_on": now_datetime(),
			"late": getdate() > getdate(doc.due_on),
			"note": plain(redact_text(note)).strip(),
		}
	)
	_save(doc)


def _save(doc: Document) -> None:
	doc.flags.from_console = True
	doc.flags.ignore_links = True  # a snapshot may have been let go of
	doc.save(ignore_permissions=True)
