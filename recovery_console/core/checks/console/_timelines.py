"""Timelines of incidents as they stand in the database, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pypika import Order

from recovery_console.core.backends.sql import table
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.timeline import Line, first_broken
from recovery_console.core.times import UTC

INCIDENT = "Incident"
EVENT = "Incident Event"
#: Of a longer timeline so many lines are read.
MOST_LINES = 2000
_PAGE = 500
_COLUMNS = (
	*("number", "moment", "event", "detail", "actor", "snapshot", "reference_doctype", "reference_name"),
	*("previous", "seal"),
)


@dataclass(frozen=True)
class Broken:
	"""A timeline that is not as it was written: from which line on."""

	incident: str
	line: int


def newest(site: Site, most: int, skip: int = 0) -> list[str]:
	"""Return the names of the newest incidents."""
	t = table(INCIDENT)
	query = site.db.from_(t).select(t["name"]).orderby(t.creation, order=Order.desc).orderby(t["name"])
	return [str(row["name"]) for row in site.db.run(query.limit(most).offset(skip))]


def broken(site: Site, incident: str) -> Broken | None:
	"""Return where a timeline is broken; None where it is whole, or its incident is gone.

	A line may be added between two statements: what looks broken is looked at once more.
	"""
	return _broken(site, incident) and _broken(site, incident)


def _broken(site: Site, incident: str) -> Broken | None:
	t = table(INCIDENT)
	kept = site.db.run(site.db.from_(t).select(t.lines).where(t["name"] == incident))
	if not kept:
		return None
	lines = list(_lines(site, incident))
	line = first_broken(incident, lines)
	expected = min(int(kept[0]["lines"] or 0), MOST_LINES)
	if line is None and len(lines) != expected:
		line = min(len(lines), expected) + 1
	return None if line is None else Broken(incident, line)


def _lines(site: Site, incident: str) -> Iterator[Line]:
	"""Yield the lines of a timeline, oldest first, page by page."""
	t = table(EVENT)
	after = -1
	for _page in range(MOST_LINES // _PAGE):
		query = site.db.from_(t).select(*(t[name] for name in _COLUMNS))
		query = query.where((t.incident == incident) & (t.number > after)).orderby(t.number).limit(_PAGE)
		rows = site.db.run(query)
		for row in rows:
			yield _line(row)
		if len(rows) < _PAGE:
			return
		after = int(rows[-1]["number"])


def _line(row: dict[str, Any]) -> Line:
	return Line(
		number=int(row["number"] or 0),
		at=_moment(row["moment"]),
		event=str(row["event"] or ""),
		detail=str(row["detail"] or ""),
		actor=str(row["actor"] or ""),
		snapshot=str(row["snapshot"] or ""),
		reference=(str(row["reference_doctype"] or ""), str(row["reference_name"] or "")),
		previous=str(row["previous"] or ""),
		seal=str(row["seal"] or ""),
	)


def _moment(text: Any) -> datetime:
	"""Return the moment of a line; one that is none fits no seal."""
	try:
		return datetime.fromisoformat(str(text)).astimezone(UTC)
	except ValueError:
		return datetime.min.replace(tzinfo=UTC)
