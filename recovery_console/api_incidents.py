"""The HTTP API of incidents: opening them, acting on them, keeping quiet about them.

An act is for a Recovery Operator, a Recovery Manager or a System Manager; closing, merging and silences are for the
latter two. Who may not read incidents gets nothing. Every refusal is HTTP 403, everything that makes no sense HTTP 417,
each with what to do next.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, get_system_timezone

from recovery_console.core import acting
from recovery_console.core.errors import UsageError
from recovery_console.core.severity import ALIASES
from recovery_console.core.times import moment, zone
from recovery_console.in_site import incident_actions, incident_views, silences
from recovery_console.in_site.runs import in_words
from recovery_console.in_site.transactions import until_written

DOCTYPE = "Incident"
SILENCE = "Recovery Silence"
_MOST = 200


@frappe.whitelist(methods=["POST"])
def open_incident(
	title: str, severity: str, category: str = "Technical", description: str = "", check: str = ""
) -> dict[str, str]:
	"""Open an incident that no check found. Role: Recovery Operator.

	Args:
		title: What is wrong, in a few words. One of that title that is open is returned instead, with a line more.
		severity: S1 to S4.
		category: Technical, Security, Data Loss, Performance or Vendor.
		description: What was seen, the exact text of the error. Secrets are taken out.
		check: Id of a check that is about it, where there is one.

	Returns:
		``{"name": <Incident>}``
	"""
	_permit("open")
	with in_words():
		name = until_written(
			lambda: incident_actions.open_by_hand(
				title,
				severity=severity,
				category=category,
				description=description,
				check=check,
				actor=frappe.session.user,
			)
		)
	return {"name": name}


@frappe.whitelist(methods=["POST"])
def act(incident: str, act: str, note: str = "") -> dict[str, Any]:
	"""Acknowledge, investigate, mitigate, resolve, reopen or close an incident. Role: Recovery Operator.

	To close one takes a Recovery Manager.

	Args:
		incident: Its name.
		act: acknowledge, investigate, mitigate, resolve, reopen or close.
		note: What there is to say. Resolving and reopening need one; so does closing an S1 or S2 without a signed review.

	Returns:
		The incident, as ``incident`` returns it.
	"""

	def do() -> None:
		status = acting.status_of(act)
		incident_actions.set_status(incident, status, actor=frappe.session.user, note=note)

	return _done(act, incident, do)


@frappe.whitelist(methods=["POST"])
def set_severity(incident: str, severity: str, reason: str) -> dict[str, Any]:
	"""Change the severity of an incident, with a reason. Role: Recovery Operator."""
	return _done(
		"severity",
		incident,
		lambda: incident_actions.set_severity(incident, severity, reason, actor=frappe.session.user),
	)


@frappe.whitelist(methods=["POST"])
def note(incident: str, text: str) -> dict[str, Any]:
	"""Add a note to the timeline of an incident; it can be neither changed nor deleted. Role: Recovery Operator."""
	return _done("note", incident, lambda: incident_actions.note(incident, text, actor=frappe.session.user))


@frappe.whitelist(methods=["POST"])
def merge(incident: str, into: str) -> dict[str, Any]:
	"""Merge a duplicate into another incident; it is closed. Role: Recovery Manager.

	Returns:
		The incident that stays.
	"""
	_permit("merge", incident)
	return _done("merge", into, lambda: incident_actions.merge(incident, into, actor=frappe.session.user))


@frappe.whitelist(methods=["POST"])
def snooze(incident: str, until: str, reason: str) -> dict[str, Any]:
	"""Tell and call nobody about an incident until a moment, or until it gets worse. Role: Recovery Operator.

	Args:
		incident: Its name.
		until: When it wakes: the site's time, or ISO 8601 with an offset. An S1 sleeps for a day at most.
		reason: Why.
	"""
	return _done(
		"snooze",
		incident,
		lambda: incident_actions.snooze(incident, _moment(until), reason, actor=frappe.session.user),
	)


@frappe.whitelist(methods=["POST"])
def wake(incident: str) -> dict[str, Any]:
	"""End the snooze of an incident. Role: Recovery Operator."""
	return _done("wake", incident, lambda: incident_actions.wake(incident, actor=frappe.session.user))


@frappe.whitelist(methods=["POST"])
def pause(incident: str, kind: str, reason: str) -> dict[str, Any]:
	"""Let the clock of resolving stand still while a vendor or a customer has to act. Role: Recovery Operator.

	Args:
		incident: Its name.
		kind: Vendor or Customer.
		reason: For what it waits.
	"""
	return _done(
		"pause", incident, lambda: incident_actions.pause(incident, kind, reason, actor=frappe.session.user)
	)


@frappe.whitelist(methods=["POST"])
def go_on(incident: str) -> dict[str, Any]:
	"""Let the clock of resolving go on. Role: Recovery Operator."""
	return _done("go_on", incident, lambda: incident_actions.go_on(incident, actor=frappe.session.user))


@frappe.whitelist(methods=["POST"])
def assign(incident: str, user: str = "") -> dict[str, Any]:
	"""Make a user responsible for an incident, and assign it in Frappe; an empty one: nobody. Role: Recovery Operator."""
	return _done(
		"assign", incident, lambda: incident_actions.assign(incident, user, actor=frappe.session.user)
	)


@frappe.whitelist(methods=["POST"])
def silence(
	reason: str,
	ends: str,
	scope: str = "Problem",
	target: str = "",
	starts: str = "",
	repeats: str = "Once",
	window_start: str = "",
	window_end: str = "",
	weekdays: str = "",
) -> dict[str, str]:
	"""Let a part of the site raise no incident for a time. Role: Recovery Manager.

	Args:
		reason: Why.
		ends: When it is over, in the site's time.
		scope: Whole Site, Family, Check or Problem.
		target: Name of the family, id of the check, or fingerprint of the problem.
		starts: From when on, in the site's time; now by default.
		repeats: Once, or Daily or Weekly in a window.
		window_start: When the window begins, such as ``22:00``.
		window_end: When it ends; earlier than its beginning: past midnight.
		weekdays: Weekly: on which days it begins, such as ``Sat, Sun``.

	Returns:
		``{"name": <Recovery Silence>}``
	"""
	_permit("silence")
	frappe.has_permission(SILENCE, "create", throw=True)
	doc = frappe.new_doc(SILENCE)
	doc.update(
		{
			"reason": reason,
			"scope": scope,
			"target": target,
			"starts": starts or None,
			"ends": ends,
			"repeats": repeats,
			"window_start": window_start or None,
			"window_end": window_end or None,
			"weekdays": weekdays,
		}
	)
	return {"name": doc.insert().name}


@frappe.whitelist(methods=["POST"])
def end_silence(silence: str) -> None:
	"""End a silence before its time; what it covered stays on record. Role: Recovery Manager."""
	_permit("silence")
	frappe.has_permission(SILENCE, "write", doc=silence, throw=True)
	silences.end(silence, actor=frappe.session.user)


@frappe.whitelist(methods=["GET", "POST"])
def incidents(
	status: str = "open", severity: str = "", beneath: str | int = 0, limit: str | int = 50
) -> list[dict[str, Any]]:
	"""List incidents, the gravest and newest first. Permission: read on Incident.

	Args:
		status: ``open``, ``all``, or one status such as ``Resolved``.
		severity: Only this one.
		beneath: 1: also those that stand beneath another.
		limit: At most so many, up to 200.
	"""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	with in_words():
		most = min(max(cint(limit), 1), _MOST)
		return incident_views.listed(status, severity=severity, beneath=bool(cint(beneath)), most=most)


@frappe.whitelist(methods=["GET", "POST"])
def incident(name: str) -> dict[str, Any]:
	"""Return an incident with its timeline, what stands beneath it, and what this user may do. Permission: read on it."""
	_must_exist(name)
	frappe.has_permission(DOCTYPE, "read", doc=name, throw=True)
	return _shown(name)


@frappe.whitelist(methods=["GET", "POST"])
def severities() -> list[dict[str, str]]:
	"""List the severities with what they are called elsewhere. Permission: read on Incident."""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	return [
		{
			"severity": severity,
			"name": _(alias.name),
			"from_one": alias.from_one,
			"from_zero": alias.from_zero,
			"of_three": alias.of_three,
		}
		for severity, alias in ALIASES.items()
	]


def _done(act: str, name: str, do: Callable[[], None]) -> dict[str, Any]:
	_permit(act, name)
	with in_words():
		until_written(do)
	return _shown(name)


def _shown(name: str) -> dict[str, Any]:
	found = incident_views.shown(name)
	found["acts"] = [each for each in found["acts"] if incident_views.may(each)]
	return found


def _permit(act: str, name: str = "") -> None:
	"""Refuse who may not: by role for the act, by permission for the incident.

	Raises:
		frappe.PermissionError: The user may not.
	"""
	if not incident_views.may(act):
		role = _(acting.role_for(act))
		frappe.throw(_("Only a {0} may do this. Nothing was changed.").format(role), frappe.PermissionError)
	if name:
		_must_exist(name)
	frappe.has_permission(DOCTYPE, "write", doc=name or None, throw=True)


def _must_exist(name: str) -> None:
	if not frappe.db.exists(DOCTYPE, name):
		frappe.has_permission(DOCTYPE, "read", throw=True)
		frappe.throw(_("There is no such incident. Nothing was changed."), frappe.DoesNotExistError)


def _moment(text: str) -> datetime:
	found = moment(text, zone(get_system_timezone()))
	if found is None:
		raise UsageError(
			_("{0} is no date with a time.").format(repr(text)), remedy=_("Write 2026-11-22 14:00.")
		)
	return found
