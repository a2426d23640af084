"""Measurements of the past days, from the console's own snapshots."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pypika import Order

from recovery_console.core.backends.sql import table
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

DOCTYPE = "Health Snapshot"
#: So long is looked back, and so many snapshots are read: one an hour for a fortnight.
WINDOW = timedelta(days=14)
MOST_READ = 400
#: Less says nothing about where it leads.
LEAST_DAYS = timedelta(days=3)
LEAST_POINTS = 12


@dataclass(frozen=True)
class Point:
	"""One measurement."""

	at: datetime
	value: float


@dataclass(frozen=True)
class Line:
	"""The straight line that fits measurements best.

	Args:
		per_day: How much it rises in a day.
		at_end: Its value at the newest measurement.
		days: How long the measurements reach back.
		fit: How well it fits, from 0 to 1.
	"""

	per_day: float
	at_end: float
	days: float
	fit: float


def points(site: Site, name: str) -> list[Point]:
	"""Return the measurements of one name, oldest first.

	Raises:
		NotApplicable: There are not enough of them, or not for long enough.
	"""
	found = [
		Point(at, float(values[name]))
		for at, values in site.remember("performance.history", lambda: _read(site))
		if isinstance(values.get(name), (int, float))
	]
	if len(found) < LEAST_POINTS or found[-1].at - found[0].at < LEAST_DAYS:
		raise NotApplicable(
			_("The console has not kept snapshots for long enough to tell; it takes three days.")
		)
	return found


def names(site: Site, prefix: str) -> list[str]:
	"""Return the names with this beginning that were measured last.

	Raises:
		NotApplicable: The console keeps no snapshots here.
	"""
	kept = site.remember("performance.history", lambda: _read(site))
	return sorted(name for name in kept[-1][1] if name.startswith(prefix)) if kept else []


def before(site: Site, age: timedelta) -> dict[str, Any]:
	"""Return what was measured last before so long ago; nothing where no snapshot is that old.

	Raises:
		NotApplicable: The console keeps no snapshots here.
	"""
	kept = site.remember("performance.history", lambda: _read(site))
	older = [values for at, values in kept if site.now() - at >= age]
	return older[-1] if older else {}


def fit(found: Iterable[Point]) -> Line:
	"""Return the line through measurements, by least squares."""
	measured = list(found)
	end = measured[-1].at
	xs = [(point.at - end).total_seconds() / 86400 for point in measured]
	ys = [point.value for point in measured]
	middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
	spread = sum((x - middle_x) ** 2 for x in xs)
	together = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
	varies = sum((y - middle_y) ** 2 for y in ys)
	slope = together / spread if spread else 0.0
	fits = together**2 / (spread * varies) if spread and varies else 0.0
	return Line(slope, middle_y - slope * middle_x, -xs[0], fits)


def _read(site: Site) -> list[tuple[datetime, dict[str, Any]]]:
	if not site.has_doctype(DOCTYPE, "started", "measurements"):
		raise NotApplicable(_("Recovery Console keeps no snapshots on this site."))
	t = table(DOCTYPE)
	since = site.ago(WINDOW)
	query = site.db.from_(t).select(t.started, t.measurements)
	query = query.where((t.creation >= since) & (t.modified >= since) & (t.started >= since))
	found = []
	for row in site.db.run(query.orderby(t.creation, order=Order.desc).limit(MOST_READ)):
		at = site.moment(row["started"])
		values = _values(row["measurements"])
		if at is not None and values:
			found.append((at, values))
	return sorted(found, key=lambda item: item[0])


def _values(text: Any) -> dict[str, Any]:
	try:
		values = json.loads(text) if isinstance(text, (str, bytes)) else text
	except ValueError:
		return {}
	return values if isinstance(values, dict) else {}
