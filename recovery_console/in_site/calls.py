"""Calling the people of Recovery Settings, and the update that lets only one of two sweepers do so."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import frappe

from recovery_console.core import escalation
from recovery_console.core.contacts import Contact, contacts_for
from recovery_console.core.escalation import Call
from recovery_console.core.people import MANAGER
from recovery_console.core.timeline import EventKind
from recovery_console.in_site import clocks, notices, timeline

#: Who is called where nobody is listed, in this order.
_FALLBACK_ROLES = (MANAGER, "System Manager")
_MOST_PEOPLE = 20


def make(row: Any, call: Call, now: datetime) -> None:
	"""Call people about an incident, and write so into its timeline. It is not committed.

	Args:
		row: The incident: name, severity and category.
		call: Which tiers, and why.
		now: The present moment, aware.
	"""
	people, missing, by_phone = people_for(row.category or "Technical", call.tiers)
	text = escalation.call_text(call, row.severity, row.category, now)
	said = escalation.people_text([person.name for person in people], missing, by_phone)
	if not notices.tell("Escalated", row.name, f"{text} {said}", contacts=people, now=now):
		said = escalation.people_text([], missing, by_phone)
	timeline.add(row.name, EventKind.ESCALATED, f"{text} {said}", at=now)


def people_for(category: str, tiers: tuple[int, ...]) -> tuple[list[Contact], list[int], list[str]]:
	"""Return whom to call.

	Returns:
		Who is told, each once; for which tiers nobody is listed whom the console can reach: there the managers of the site
		step in; and the names of those whom only a person can reach, by phone or over a portal.
	"""
	listed, channels = clocks.contacts(), {way.name for way in notices.enabled_ways()}
	found = {tier: contacts_for(listed, tier, category) for tier in tiers}
	everybody = [person for tier in tiers for person in found[tier]]
	people = [person for person in everybody if person.can_be_told(channels)]
	missing = [
		tier for tier, those in found.items() if not any(person.can_be_told(channels) for person in those)
	]
	people += managers() if missing else []
	by_phone = [person.name for person in everybody if not person.can_be_told(channels)]
	once = {(person.name, person.email, person.user): person for person in people}
	return list(once.values()), missing, list(dict.fromkeys(by_phone))


def managers() -> list[Contact]:
	"""Return the Recovery Managers of the site; where it has none, its System Managers."""
	for role in _FALLBACK_ROLES:
		users = frappe.get_all("Has Role", filters={"role": role, "parenttype": "User"}, pluck="parent")
		rows = frappe.get_all(
			"User",
			filters={"name": ("in", users or [""]), "enabled": 1, "user_type": "System User"},
			fields=["name", "full_name", "email"],
			order_by="creation asc",
			limit_page_length=_MOST_PEOPLE,
		)
		if rows:
			return [Contact(row.full_name or row.name, user=row.name, email=row.email or "") for row in rows]
	return []


def changed(doctype: str, name: str, was: Mapping[str, Any], becomes: Mapping[str, Any]) -> bool:
	"""Change a document only while it is as it was read, and tell whether that came about.

	One statement, so of two processes that found the same, one succeeds; the other one changes nothing.
	"""
	table = frappe.qb.DocType(doctype)
	update = frappe.qb.update(table).where(table.name == name)
	for field, value in becomes.items():
		update = update.set(table[field], value)
	for field, value in was.items():
		update = update.where(table[field] == value)
	update.run()
	frappe.clear_document_cache(doctype, name)
	return bool(frappe.db._cursor.rowcount)  # noqa: SLF001 (Frappe offers no other way to it)
