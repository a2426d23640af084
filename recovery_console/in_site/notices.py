"""Notices as documents: whom an event is told to is written here, with what it is about; sending comes later.

A notice is written in the transaction of what it tells: either both are kept or none. Whoever delivers (the
sweeper, a job, a person at the command line) claims each with a conditional update, so it is sent once.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_system_timezone, get_time, get_url_to_form

from recovery_console.core.notice_text import About, plain_message, safe, subject_of
from recovery_console.core.notice_times import QuietHours, held_until
from recovery_console.core.notices import (
	MAIL,
	Contact,
	Destination,
	Kind,
	State,
	Way,
	chosen_destinations,
	key_of,
)
from recovery_console.core.severity import ALIASES
from recovery_console.core.times import UTC, zone
from recovery_console.in_site import fallbacks, plain, utc
from recovery_console.in_site.transactions import back_to, log_failure

DOCTYPE = "Recovery Notice"
CHANNEL = "Recovery Channel"
SETTINGS = "Recovery Settings"
#: A web process or a worker has other things to do than to wait for a mail server.
_AT_THE_END = 20.0
_NEVER_HELD = (Kind.DIGEST, Kind.COLLECTED, Kind.TEST)
_INCIDENT = [
	"name", "title", "severity", "status", "family", "cause", "remedy", "count", "first_seen", "resolved_at",
	"parent_incident", "merged_into", "snoozed_until", "silenced_by", "lines",
]  # fmt: skip


def tell(
	kind: str,
	incident_name: str,
	detail: str = "",
	*,
	contacts: Iterable[Any] | None = None,
	now: datetime | None = None,
) -> int:
	"""Write who is to be told of something. It is sent after the transaction was committed, by ``deliver``.

	Bad news of an incident that stands beneath another one, was merged, is silenced or snoozed is told to nobody. Good news
	is told to those who had the bad news. What goes wrong here is logged and never keeps the caller from its work.

	Args:
		kind: One of ``core.notices.Kind``, such as ``Opened``.
		incident_name: What it is about; empty for a duty.
		detail: What happened, in words; it is redacted.
		contacts: Rows of Recovery Settings' contacts (or anything with ``contact_name``, ``email``, ``user`` and
			``channel``) who are told instead of the channels.
		now: When it happened, aware; the present moment by default.

	Returns:
		How many notices were written.
	"""
	frappe.db.savepoint("recovery_console_tell")
	try:
		return _tell(
			Kind(kind), incident_name, detail, [_contact(row) for row in contacts or ()], now or _now()
		)
	except frappe.QueryDeadlockError:
		raise  # the database has let go of all that the caller wrote: nothing can be saved here
	except Exception:  # noqa: BLE001 (logged; what is told of must not be lost with the notice)
		back_to("recovery_console_tell")
		frappe.log_error(
			title="Recovery Console: a notice could not be written", message=frappe.get_traceback()
		)
		return 0


def deliver(now: datetime | None = None) -> int:
	"""Send what is due, and return how many notices were sent. It commits."""
	from recovery_console.in_site.delivering import deliver as send_due

	return send_due(now or _now())


def deliver_at_the_end() -> None:
	"""Send what was just written when this request or job is over: neither waits for the scheduler, nor needs a queue.

	A command and a test have no such end; a command calls ``deliver_quietly``.
	"""
	for local in (getattr(frappe.local, "request", None), getattr(frappe.local, "job", None)):
		ends = getattr(local, "after_response", None) or getattr(local, "after_job", None)
		if ends is not None and not frappe.flags.recovery_console_delivers:
			frappe.flags.recovery_console_delivers = True
			ends.add(deliver_quietly)


def deliver_quietly() -> None:
	"""Send what is due, where nobody waits for the result: the sweeper does it otherwise."""
	from recovery_console.in_site import sweeping
	from recovery_console.in_site.delivering import deliver as send_due

	frappe.flags.recovery_console_delivers = False
	try:
		sweeping.due(_now())  # whom an incident calls at once need not wait for the scheduler
		send_due(_now(), seconds=_AT_THE_END)
	except Exception:  # noqa: BLE001 (logged; the sweeper goes on)
		log_failure("notices could not be sent")


def digest(now: datetime | None = None) -> int:
	"""Write the digests that are due, once, and return how many notices that made."""
	from recovery_console.in_site.digests import write

	return write(now or _now())


def _tell(kind: Kind, incident_name: str, detail: str, contacts: list[Contact], now: datetime) -> int:
	row = incident_row(incident_name) if incident_name else None
	if row is not None and kind.is_trouble and tells_nothing(row, now):
		return 0
	severity = row.severity if row else ""
	ways = enabled_ways()
	places = chosen_destinations(kind, severity, ways, contacts, told(incident_name) if row else ())
	title = subject_of(about(row)) if row else plain_message(kind, frappe.local.site, detail).subject
	mark = f"{row.lines if row else ''}|{detail}"
	written = [
		write(
			kind,
			place,
			title,
			mark,
			incident=incident_name,
			severity=severity,
			detail=detail,
			now=now,
			ways=ways,
		)
		for place in places
	]
	names = [name for name in written if name]
	if any(place.kind == MAIL for place in places) and fallbacks.mail_trouble():
		names += _told_elsewhere(names, now)
	if names:
		frappe.db.after_commit.add(deliver_at_the_end)
	return len(names)


def _told_elsewhere(names: list[str], now: datetime) -> list[str]:
	"""Mail will probably not leave: tell the fallback channels at once, too."""
	by_mail = [name for name in names if frappe.db.get_value(DOCTYPE, name, "channel_kind") == MAIL]
	return by_mail[:1] if by_mail and fallbacks.write(frappe.get_doc(DOCTYPE, by_mail[0]), now) else []


def write(
	kind: Kind,
	place: Destination,
	title: str,
	mark: str,
	*,
	now: datetime,
	incident: str = "",
	severity: str = "",
	detail: str = "",
	ways: Iterable[Way] = (),
	**values: Any,
) -> str | None:
	"""Write one notice and return its name; None where it has been written before."""
	key = key_of(kind.value, incident, mark, place)
	if frappe.db.exists(DOCTYPE, {"dedupe_key": key}):
		return None
	way = next((one for one in ways if one.name == place.channel), None)
	urgency = severity or ("S1" if kind in _NEVER_HELD else "S4")
	held = held_until(
		urgency, quiet_hours(), now, ignores_quiet_hours=way is not None and way.ignores_quiet_hours
	)
	doc = frappe.new_doc(DOCTYPE)
	doc.update(
		{
			"kind": kind.value,
			"title": plain(title)[:240],
			"incident": incident,
			"severity": severity,
			"detail": plain(safe(detail)),
			"state": (State.HELD if held else State.WAITING).value,
			"channel_kind": place.kind,
			"channel": place.channel,
			"address": place.address,
			"person": place.person,
			"happened": stamp(now),
			"next_attempt": stamp(held or now),
			"dedupe_key": key,
			**values,
		}
	)
	return _insert(doc)


def _insert(doc: Any) -> str | None:
	frappe.db.savepoint("recovery_console_notice")
	doc.flags.from_console = True
	doc.flags.ignore_links = True
	try:
		doc.insert(ignore_permissions=True)
	except frappe.UniqueValidationError:
		back_to("recovery_console_notice")
		frappe.clear_messages()
		return None
	return doc.name


def told(incident: str) -> list[Destination]:
	"""Return who was told of an incident, or of one that was merged into it, or is about to be."""
	merged = frappe.get_all("Incident", filters={"merged_into": incident}, pluck="name")
	rows = frappe.get_all(
		DOCTYPE,
		filters={
			"incident": ("in", [incident, *merged]),
			"state": ("!=", State.GIVEN_UP.value),
		},
		fields=["channel_kind", "channel", "address", "person"],
		order_by="creation asc",
	)
	return list(
		dict.fromkeys(
			Destination(row.channel_kind, row.channel or "", row.address or "", row.person or "")
			for row in rows
		)
	)


def tells_nothing(row: Any, now: datetime) -> bool:
	"""Tell whether bad news of an incident is told to nobody: another one tells it, or somebody asked for quiet."""
	snoozed = bool(row.snoozed_until) and utc(row.snoozed_until) > now
	return bool(row.parent_incident or row.merged_into or row.silenced_by) or snoozed


def incident_row(name: str) -> Any:
	"""Return what notices need of an incident; None where it is gone."""
	return frappe.db.get_value("Incident", name, _INCIDENT, as_dict=True)


def about(row: Any) -> About:
	"""Return an incident as texts tell of it."""
	return About(
		name=row.name,
		title=row.title or "",
		severity=f"{row.severity} {_(ALIASES[row.severity].name)}",
		site=frappe.local.site,
		link=get_url_to_form("Incident", row.name),
		cause=row.cause or "",
		remedy=row.remedy or "",
		count=row["count"] or 0,
		beneath=frappe.db.count("Incident", {"parent_incident": row.name}),
		opened=utc(row.first_seen) if row.first_seen else None,
		ended=utc(row.resolved_at) if row.resolved_at else None,
	)


def enabled_ways() -> list[Way]:
	"""Return every channel that is enabled."""
	fields = [
		"name", "kind", "address", "least_severity", "is_fallback", "digests", "ignores_quiet_hours", "most_per_hour"
	]  # fmt: skip
	return [
		Way(
			name=row.name,
			kind=row.kind,
			address=row.address or "",
			least_severity=row.least_severity or "S4",
			is_fallback=bool(row.is_fallback),
			digests=bool(row.digests),
			ignores_quiet_hours=bool(row.ignores_quiet_hours),
			most_per_hour=row.most_per_hour or 0,
		)
		for row in frappe.get_all(CHANNEL, filters={"enabled": 1}, fields=fields, order_by="creation asc")
	]


def quiet_hours() -> QuietHours:
	"""Return the quiet hours of Recovery Settings."""
	settings = frappe.get_cached_doc(SETTINGS)
	return QuietHours(wall_clock(settings.quiet_from), wall_clock(settings.quiet_until), site_zone())


def wall_clock(stored: Any) -> time | None:
	"""Return a field of type Time as a time; None where it is empty."""
	return get_time(stored) if stored not in (None, "") else None


def site_zone() -> Any:
	"""Return the site's time zone."""
	return zone(get_system_timezone())


def stamp(moment: datetime) -> str:
	"""Return a moment as notices keep it: UTC, comparable as text."""
	return moment.astimezone(UTC).isoformat(timespec="seconds")


def _contact(row: Any) -> Contact:
	get = (
		row.get
		if isinstance(row, Mapping) or hasattr(row, "get")
		else lambda field: getattr(row, field, None)
	)
	return Contact(
		name=get("contact_name") or get("name") or "",
		email=get("email") or "",
		user=get("user") or "",
		channel=get("channel") or "",
	)


def _now() -> datetime:
	return datetime.now(UTC)
