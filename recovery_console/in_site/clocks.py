"""The clocks of incidents as documents: who changes an incident calls this before it is saved.

Each function changes fields of the document and saves nothing. The document should have been read for update, so
that the sweeper does not write in between.
"""

from datetime import datetime

import frappe
from frappe.model.document import Document
from frappe.utils import get_system_timezone

from recovery_console.core import clocks as rules
from recovery_console.core.clocks import Clocks
from recovery_console.core.contacts import Contact, contact_of
from recovery_console.core.errors import UsageError
from recovery_console.core.incident import IncidentStatus
from recovery_console.core.response import CLOCKS, Policy, policy_of
from recovery_console.core.times import UTC, zone
from recovery_console.in_site import local, utc

SETTINGS = "Recovery Settings"
_HOURS = ("workdays", "workday_start", "workday_end", "holidays_country")


def started(doc: Document, now: datetime | None = None) -> None:
	"""Start the clocks of a new incident, at the moment it was detected.

	Args:
		doc: The incident; its severity is known.
		now: When it was detected, aware; by default when it was first seen.
	"""
	store(doc, rules.start(policy(), doc.severity, _detected(doc, now)))


def status_changed(doc: Document, before: str, now: datetime) -> None:
	"""Stop, start or go on with what the new status stops, starts or lets go on.

	Args:
		doc: The incident, with its new status.
		before: Its status until now.
		now: When it changed, aware.
	"""
	if doc.status != before:
		known = rules.with_severity(policy(), of(doc), doc.severity, now)
		store(doc, rules.with_status(policy(), known, doc.status, now))


def severity_changed(doc: Document, now: datetime) -> None:
	"""Work the clocks out anew for another severity, from the detection on."""
	store(doc, rules.with_severity(policy(), of(doc), doc.severity, now))


def paused(doc: Document, kind: str, now: datetime) -> None:
	"""Let the clock of resolving stand still.

	Args:
		doc: The incident.
		kind: For whom it waits: Vendor or Customer.
		now: Since when, aware.

	Raises:
		UsageError: It waits for something else, waits already, or has ended.
	"""
	store(doc, rules.pause(policy(), of(doc), kind, now))


def continued(doc: Document, now: datetime) -> None:
	"""Let the clock of resolving go on.

	Raises:
		UsageError: It does not stand still.
	"""
	store(doc, rules.go_on(policy(), of(doc), now))


def snoozed(doc: Document, until: datetime | None, now: datetime) -> None:
	"""Call nobody until a moment; None: from now on again. The other clocks run on."""
	store(doc, rules.snooze(policy(), of(doc), until, now))


def reviewed(doc: Document, now: datetime) -> None:
	"""Stop the clock of the review."""
	store(doc, rules.reviewed(of(doc), now))


def arranged(doc: Document, now: datetime | None = None) -> None:
	"""Work out anew when somebody must look, after the incident came beneath another one, or away from it.

	One that stood beneath another was not looked after by itself: its clocks start when it stands alone.
	"""
	known = of(doc)
	stood_beneath = not doc.next_due and rules.next_moment(known) is not None
	if stood_beneath and _stands_alone(doc) and IncidentStatus(doc.status).is_open:
		known = rules.start(policy(), doc.severity, now or datetime.now(UTC))
		known = rules.with_status(policy(), known, doc.status, known.since)
	store(doc, known)


def of(doc: Document) -> Clocks:
	"""Return the clocks of an incident; those of one from before there were clocks start when it was first seen."""
	if doc.clocks:
		return rules.from_json(doc.clocks)
	return rules.with_status(
		policy(), rules.start(policy(), doc.severity, _detected(doc)), doc.status, datetime.now(UTC)
	)


def store(doc: Document, clocks: Clocks) -> None:
	"""Write clocks into the fields of an incident."""
	doc.update(fields_of(clocks, doc))


def fields_of(clocks: Clocks, doc: Document) -> dict[str, object]:
	"""Return the fields of an incident that hold its clocks. What was breached once stays on the record.

	An incident that stands beneath another one is timed with that one.
	"""
	fields: dict[str, object] = {
		"clocks": rules.as_json(clocks),
		"next_due": rules.due_text(rules.next_moment(clocks)) if _stands_alone(doc) else "",
		"paused_since": local(clocks.pauses[-1].since) if clocks.paused else None,
		"snoozed_until": local(clocks.snoozed) if clocks.snoozed else None,
		"escalation_tier": max(doc.escalation_tier or 0, clocks.calling.tier),
	}
	for name in CLOCKS:
		clock = clocks.clock(name)
		fields[f"{name}_due"] = local(clock.due) if clock.due else None
		fields[f"{name}_breached"] = doc.get(f"{name}_breached") or (
			local(clock.breached) if clock.breached else None
		)
	return fields


def policy(settings: Document | None = None) -> Policy:
	"""Return the times and calls of this site.

	Recovery Settings refuse what makes no sense. What came there by another way is logged, and the console's own
	times hold: an incident must open with clocks.

	Args:
		settings: Recovery Settings as they are about to be; by default as they are.
	"""
	here = zone(get_system_timezone())
	try:
		return policy_of(settings_of(settings or frappe.get_cached_doc(SETTINGS)), here)
	except (UsageError, ValueError, KeyError) as error:
		frappe.log_error(
			title="Recovery Console: times of Recovery Settings not understood", message=str(error)
		)
		return policy_of({}, here)


def settings_of(settings: Document) -> dict[str, object]:
	"""Return what of Recovery Settings the times are read from."""
	return {
		"clocks": [row.as_dict() for row in settings.clocks],
		"escalation": [row.as_dict() for row in settings.escalation],
		**{name: settings.get(name) for name in _HOURS},
	}


def contacts(settings: Document | None = None) -> list[Contact]:
	"""Return the contacts of Recovery Settings, in their order."""
	return [contact_of(row.as_dict()) for row in (settings or frappe.get_cached_doc(SETTINGS)).contacts]


def _stands_alone(doc: Document) -> bool:
	return not (doc.parent_incident or doc.merged_into)


def _detected(doc: Document, now: datetime | None = None) -> datetime:
	if now is not None:
		return now
	return utc(frappe.utils.get_datetime(doc.first_seen)) if doc.first_seen else datetime.now(UTC)
