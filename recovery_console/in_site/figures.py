"""The incidents of a site as their figures need them, read with the permissions of who asks."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import frappe
from frappe.utils import add_days, get_datetime, get_system_timezone, getdate

from recovery_console.core.figures import CLOCKS, Life
from recovery_console.core.times import UTC, zone
from recovery_console.in_site import local, utc

DOCTYPE = "Incident"
_FIELDS = [
	"name", "title", "severity", "family", "category", "fingerprint", "first_seen", "acknowledged_at",
	"mitigated_at", "resolved_at", *(f"{clock}_due" for clock in CLOCKS), *(f"{clock}_breached" for clock in CLOCKS),
]  # fmt: skip
_NAMES = 500


def lives(since: datetime | None, until: datetime | None = None, **filters: Any) -> list[Life]:
	"""Return the incidents that began in a span of time; those beneath others and duplicates are left out.

	Args:
		since: The earliest beginning, aware; None: all.
		until: The latest, aware.
		filters: Further values of fields; empty ones are left out.

	Raises:
		frappe.PermissionError: The user may not read incidents.
	"""
	conditions: list[Any] = [["parent_incident", "is", "not set"], ["merged_into", "is", "not set"]]
	conditions += [["first_seen", ">=", local(since)]] if since else []
	conditions += [["first_seen", "<", local(until)]] if until else []
	conditions += [[name, "=", value] for name, value in filters.items() if value]
	names = frappe.get_list(
		DOCTYPE, filters=conditions, pluck="name", order_by="first_seen asc", limit_page_length=0
	)
	found = [row for page in _pages(names) for row in _rows(page)]
	reopened = _reopened(names)
	return [_life(row, reopened[row.name]) for row in found]


def _rows(names: list[str]) -> list[Any]:
	"""Return the fields of incidents. Not by `get_list`: Frappe 15 leaves out every field with `_seen` in its name."""
	t = frappe.qb.DocType(DOCTYPE)
	return (
		frappe.qb.from_(t).select(*[t[name] for name in _FIELDS]).where(t.name.isin(names)).run(as_dict=True)
	)


def _pages(names: list[str]) -> Iterator[list[str]]:
	for start in range(0, len(names), _NAMES):
		yield names[start : start + _NAMES]


def _reopened(names: list[str]) -> Counter[str]:
	found: Counter[str] = Counter()
	for page in _pages(names):
		found.update(
			frappe.get_all(
				"Incident Event",
				filters={"incident": ("in", page), "event": "Reopened"},
				pluck="incident",
				limit_page_length=0,
			)
		)
	return found


def _life(row: Any, reopened: int) -> Life:
	def moment(field: str) -> datetime | None:
		return utc(row[field]) if row.get(field) else None

	due = {clock: at for clock in CLOCKS if (at := moment(f"{clock}_due")) is not None}
	return Life(
		name=row.name,
		began=moment("first_seen") or datetime.now(UTC),
		severity=row.severity,
		family=row.family or "",
		category=row.category or "",
		root=row.fingerprint or "",
		title=row.title or "",
		acknowledged=moment("acknowledged_at"),
		mitigated=moment("mitigated_at"),
		resolved=moment("resolved_at"),
		due=due,
		breached=frozenset(clock for clock in CLOCKS if row.get(f"{clock}_breached")),
		seen=reopened,
	)


def between(from_date: Any, to_date: Any) -> tuple[datetime | None, datetime | None]:
	"""Return two days of the site's time as moments: the beginning of the one and the end of the other."""
	since = utc(get_datetime(getdate(from_date))) if from_date else None
	until = utc(get_datetime(add_days(getdate(to_date), 1))) if to_date else None
	return since, until


def site_zone() -> Any:
	"""Return the time zone of the site."""
	return zone(get_system_timezone())


def numbers_of(names: list[str]) -> dict[str, dict[str, Any]]:
	"""Return the counts and measurements of snapshots, by name."""
	rows = frappe.get_all(
		"Health Snapshot",
		filters={"name": ("in", names)},
		fields=["name", "measurements", "critical_count", "warning_count", "unknown_count"],
		limit_page_length=0,
	)
	return {row.name: {**row, **json.loads(row.measurements or "{}")} for row in rows}
