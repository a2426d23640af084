"""Digests as documents: the facts of a period are read, and one notice is written for each channel that wants it."""

import json
from datetime import datetime, time, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_url_to_form

from recovery_console.core.digest import Entry, Facts, digest_message
from recovery_console.core.notice_text import Item
from recovery_console.core.notice_times import Period, latest_period
from recovery_console.core.notices import Kind, State, destinations_of
from recovery_console.core.timeline import EventKind, moment_of
from recovery_console.in_site import local, notices, utc
from recovery_console.in_site.notices import DOCTYPE, SETTINGS, site_zone, stamp, wall_clock

_EIGHT = time(8)
_MOST = 500
_FIELDS = ["name", "title", "severity", "status", "creation", "first_seen", "acknowledged_at", "resolved_at"]
_OVER = ("Resolved", "Closed")


def write(now: datetime) -> int:
	"""Write the digests that are due, each once for a channel, and return how many notices that made. It commits."""
	settings = frappe.get_cached_doc(SETTINGS)
	wanted = [name for name in ("Daily", "Weekly") if settings.get(f"{name.lower()}_digest")]
	ways = [way for way in notices.enabled_ways() if way.digests]
	if not wanted or not ways:
		return 0
	written = 0
	for name in wanted:
		period = latest_period(
			name,
			wall_clock(settings.digest_at) or _EIGHT,
			site_zone(),
			now,
			weekday=settings.digest_weekday or "Monday",
			last=_last(name),
		)
		if period is not None:
			written += _write(period, ways, now)
			frappe.db.commit()
	return written


def _last(name: str) -> datetime | None:
	found = frappe.get_all(
		DOCTYPE,
		filters={"kind": Kind.DIGEST.value, "detail": name},
		pluck="happened",
		order_by="happened desc",
		limit=1,
	)
	return datetime.fromisoformat(found[0]) if found else None


def _write(period: Period, ways: list[Any], now: datetime) -> int:
	message = digest_message(period, facts(period), frappe.local.site, site_zone(), now, _)
	names = [
		notices.write(
			Kind.DIGEST,
			place,
			message.subject,
			f"{period.name}|{stamp(period.until)}",
			now=now,
			detail=period.name,
			happened=stamp(period.until),
			message=json.dumps(message.as_dict(), ensure_ascii=False),
		)
		for way in ways
		for place in destinations_of(way)
	]
	return sum(bool(name) for name in names)


def facts(period: Period) -> Facts:
	"""Read what happened in a period."""
	return Facts(
		opened=_entries(_within("creation", period)),
		resolved=_entries([*_within("resolved_at", period), ["status", "in", _OVER]]),
		still_open=_entries([["status", "not in", _OVER]]),
		late=_late(period),
		duties=_duties(period),
		snapshots=_count("Health Snapshot", _within("creation", period)),
		not_told=_count(DOCTYPE, [*_within("modified", period), ["state", "=", State.GIVEN_UP.value]]),
	)


def _within(field: str, period: Period) -> list[list[Any]]:
	return [[field, ">=", local(period.since)], [field, "<", local(period.until)]]


def _count(doctype: str, filters: list[list[Any]]) -> int:
	return len(frappe.get_all(doctype, filters=filters, pluck="name", limit=10_000))


def _entries(filters: list[list[Any]]) -> list[Entry]:
	rows = frappe.get_all(
		"Incident",
		filters=[*filters, ["parent_incident", "is", "not set"], ["merged_into", "is", "not set"]],
		fields=_FIELDS,
		order_by="creation asc",
		limit=_MOST,
	)
	return [
		Entry(
			row.name,
			row.title or "",
			row.severity,
			row.status,
			utc(row.first_seen or row.creation),
			utc(row.acknowledged_at) if row.acknowledged_at else None,
			utc(row.resolved_at) if row.resolved_at else None,
			get_url_to_form("Incident", row.name),
		)
		for row in rows
	]


def _late(period: Period) -> list[Item]:
	rows = frappe.get_all(
		"Incident Event",
		filters=[
			["event", "=", EventKind.BREACHED.value],
			[
				"creation",
				">=",
				local(period.since - timedelta(days=1)),
			],  # by index: no line is older than its moment
			["moment", ">=", moment_of(period.since)],
			["moment", "<", moment_of(period.until)],
		],
		fields=["incident", "detail"],
		order_by="moment asc",
		limit=_MOST,
	)
	return [Item(f"{row.incident}: {row.detail}", get_url_to_form("Incident", row.incident)) for row in rows]


def _duties(period: Period) -> list[Item]:
	"""Return the duties that nobody has signed off although their time has come."""
	rows = frappe.get_all(
		"Duty Sign-off",
		filters={"state": ("in", ["Open", "Overdue"]), "due_on": ("<=", local(period.until).date())},
		fields=["name", "title", "state", "due_on"],
		order_by="due_on asc",
		limit=_MOST,
	)
	return [
		Item(
			_("{0}: {1}, due on {2}").format(row.title, _(row.state), row.due_on),
			get_url_to_form("Duty Sign-off", row.name),
		)
		for row in rows
	]
