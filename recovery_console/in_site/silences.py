"""Silences as documents: which hold now, what they covered, and what becomes of incidents when they end."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_system_timezone, get_time

from recovery_console.core.sighting import Sighting
from recovery_console.core.silence import LONGEST_MAINTENANCE, Repeat, Scope, Silence, covering, parse_days
from recovery_console.core.timeline import EventKind
from recovery_console.core.times import UTC, zone
from recovery_console.in_site import local, plain, timeline, utc
from recovery_console.in_site.incident_record import read, save, tell
from recovery_console.in_site.transactions import back_to

DOCTYPE = "Recovery Silence"
#: These checks say that maintenance mode was left on: it must not silence them.
_BESIDES_MAINTENANCE = frozenset({"scheduler.maintenance", "scheduler.switches"})
#: So many problems are listed on a silence; all are counted.
_MOST_ROWS = 1000


def silence_of(doc: Any) -> Silence:
	"""Return a silence as the rules need it.

	Raises:
		UsageError: One of its weekdays is none.
	"""
	begin, end = (_clock(doc.get(field)) for field in ("window_start", "window_end"))
	starts = frappe.utils.get_datetime(doc.starts)
	by_console = doc.source == "Maintenance Mode"
	return Silence(
		name=doc.name or "",
		scope=Scope(doc.scope),
		target=doc.target or "",
		reason=doc.reason or "",
		starts=utc(starts),
		ends=utc(frappe.utils.get_datetime(doc.ends)) if doc.ends else utc(starts),
		repeat=Repeat(doc.repeats or Repeat.ONCE),
		window=(begin, end),
		days=parse_days(doc.weekdays or ""),
		besides=_BESIDES_MAINTENANCE if by_console else frozenset(),
	)


def _clock(stored: Any) -> time:
	return get_time(str(stored)) if stored not in (None, "") else time(0)


def holding(now: datetime) -> list[Silence]:
	"""Return the silences that hold at a moment, Frappe's own maintenance mode among them."""
	_follow_maintenance_mode(now)
	here = zone(get_system_timezone())
	day = timedelta(days=1)  # naive times are ambiguous where clocks go back: the rules decide, not the query
	rows = frappe.get_all(
		DOCTYPE,
		filters={
			"starts": ("<=", local(now + day)),
			"ends": (">", local(now - day)),
			"ended_by": ("in", ["", None]),
		},
		fields=["*"],
		limit_page_length=0,
	)
	return [silence for silence in map(silence_of, rows) if silence.holds(now, here)]


def covered(silences: Iterable[Silence], sightings: Iterable[Sighting], now: datetime) -> dict[str, str]:
	"""Return which problems are covered now, and by which silence."""
	here, held = zone(get_system_timezone()), list(silences)
	found = {}
	for sighting in sightings if held else ():
		silence = covering(held, sighting.fingerprint, sighting.check, sighting.family, now, here)
		if silence is not None:
			found[sighting.fingerprint] = silence.name
	return found


def count(by_problem: Mapping[str, str], seen: Mapping[str, Sighting], now: datetime) -> None:
	"""Write on each silence which problems it covered: nothing is lost."""
	for name in set(by_problem.values()):
		doc = frappe.get_doc(DOCTYPE, name, for_update=True)
		rows = {row.fingerprint: row for row in doc.covered}
		for fingerprint in (each for each, silence in by_problem.items() if silence == name):
			_count_one(doc, rows, seen[fingerprint], now)
		doc.flags.from_console = True
		doc.flags.ignore_version = True
		doc.save(ignore_permissions=True)


def _count_one(doc: Document, rows: Mapping[str, Document], sighting: Sighting, now: datetime) -> None:
	doc.covered_times = (doc.covered_times or 0) + 1
	row = rows.get(sighting.fingerprint)
	if row is None:
		doc.covered_problems = (doc.covered_problems or 0) + 1
		if doc.covered_problems > _MOST_ROWS:
			return
		row = doc.append(
			"covered", {"fingerprint": sighting.fingerprint, "first_seen": local(now), "times": 0}
		)
	row.update(
		{
			"problem": plain(sighting.finding["title"])[:240],
			"check_id": sighting.check,
			"gravity": sighting.finding["severity"],
			"times": row.times + 1,
			"last_seen": local(now),
		}
	)


def cover_open(silences: list[Silence], now: datetime) -> None:
	"""Mark the open incidents that a silence covers, and wake those whose silence is over. Both are in the timeline."""
	here = zone(get_system_timezone())
	for row in frappe.get_all(
		"Incident",
		filters={"status": ("not in", ["Resolved", "Closed"])},
		fields=["name", "fingerprint", "check_id", "family", "silenced_by"],
		limit_page_length=0,
	):
		silence = covering(silences, row.fingerprint, row.check_id, row.family, now, here)
		if (silence is None) == bool(row.silenced_by):
			_change(row, silence, now)


def _change(row: Any, silence: Silence | None, now: datetime) -> None:
	"""Begin or end the silence of an incident; one that cannot be written keeps no other from being written."""
	frappe.db.savepoint("recovery_console_silence")
	try:
		if silence is not None:
			_begin(row.name, silence, silence.until(now, zone(get_system_timezone())), now)
		else:
			_end(row.name, row.silenced_by, now)
	except frappe.QueryDeadlockError:
		raise
	except Exception:  # noqa: BLE001 (logged; the other incidents go on)
		trace = frappe.get_traceback()
		back_to("recovery_console_silence")
		frappe.log_error(
			title="Recovery Console: incident not silenced, or not woken", message=f"{row.name}\n{trace}"
		)


def _begin(incident: str, silence: Silence, until: datetime | None, now: datetime) -> None:
	doc = read(incident)
	doc.silenced_by = silence.name
	save(doc)
	end = (until or silence.ends).astimezone(UTC).strftime("%Y-%m-%d %H:%M")
	detail = _("{0} covers it until {1} UTC: {2}").format(silence.name, end, silence.reason)
	timeline.add(incident, EventKind.SILENCED, detail, at=now, reference=(DOCTYPE, silence.name))


def _end(incident: str, silence: str, now: datetime) -> None:
	doc = read(incident)
	doc.silenced_by = None
	save(doc)
	detail = _("{0} is over, and this is still there.").format(silence)
	timeline.add(incident, EventKind.CONTINUED, detail, at=now, reference=(DOCTYPE, silence))
	tell("Opened", incident, detail, now)


def end(name: str, *, actor: str, now: datetime | None = None) -> None:
	"""End a silence before its time. What it covered stays on it."""
	when = now or datetime.now(UTC)
	doc = frappe.get_doc(DOCTYPE, name, for_update=True)
	if doc.ended_by or utc(frappe.utils.get_datetime(doc.ends)) <= when:
		return
	doc.update({"ends": local(when), "ended_by": actor})
	doc.flags.from_console = True
	doc.save(ignore_permissions=True)


def _follow_maintenance_mode(now: datetime) -> None:
	"""Keep a silence while Frappe's maintenance mode is on, and end it with it.

	It holds for `LONGEST_MAINTENANCE` from when it was first seen; later somebody forgot to end it.
	"""
	on = bool(frappe.utils.cint(frappe.conf.get("maintenance_mode")))
	filters = {"source": "Maintenance Mode", "ended_by": ("in", ["", None])}
	running = frappe.get_all(
		DOCTYPE, filters=filters, pluck="name", limit_page_length=1, order_by="creation desc"
	)
	if running and not on:
		doc = frappe.get_doc(DOCTYPE, running[0], for_update=True)
		ends = min(utc(frappe.utils.get_datetime(doc.ends)), now)
		doc.update({"ends": local(ends), "ended_by": "Maintenance Mode"})
	elif on and not running:
		doc = frappe.new_doc(DOCTYPE)
		doc.update(
			{
				"reason": _("The site is in maintenance mode."),
				"scope": Scope.SITE.value,
				"source": "Maintenance Mode",
				"starts": local(now),
				"ends": local(now + LONGEST_MAINTENANCE),
				"repeats": Repeat.ONCE.value,
			}
		)
	else:
		return
	doc.flags.from_console = True
	doc.save(ignore_permissions=True)
