"""An incident as a reader sees it, read from outside: from the site's database, and from what is kept beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pypika import Order

from recovery_console.core.backends.sql import table
from recovery_console.core.incident import IncidentStatus
from recovery_console.core.incidents_beside import NOTE, OPENED, Entry
from recovery_console.core.record import dataclass
from recovery_console.core.redact import redact
from recovery_console.core.site import Site
from recovery_console.core.timeline import EventKind
from recovery_console.core.times import UTC

DOCTYPE = "Incident"
EVENT = "Incident Event"
#: So many incidents are listed, and so many lines of one are shown, the newest.
MOST_INCIDENTS = 200
MOST_LINES = 1000
_TEXTS = (
	"title", "severity", "category", "source", "family", "check_id", "responder", "cause", "remedy", "description",
	"business_impact", "severity_reason", "parent_incident", "merged_into", "pause_kind", "pause_reason", "fingerprint",
)  # fmt: skip
_MOMENTS = (
	"first_seen", "last_seen", "acknowledged_at", "mitigated_at", "resolved_at", "closed_at", "acknowledge_due",
	"mitigate_due", "resolve_due", "review_due", "acknowledge_breached", "mitigate_breached", "resolve_breached",
	"review_breached", "snoozed_until", "paused_since",
)  # fmt: skip


@dataclass(frozen=True)
class Happened:
	"""A line of an incident's timeline, for a reader.

	Args:
		at: When, UTC.
		event: What it tells, one of `EventKind`.
		detail: In words.
		actor: Who did it; empty where the console saw it by itself.
		beside: It stands beside the site only, and is still to be taken in.
	"""

	at: datetime
	event: str
	detail: str
	actor: str = ""
	beside: bool = False


@dataclass(frozen=True)
class Record:
	"""An incident.

	Args:
		name: Its name.
		status: One of `IncidentStatus`.
		texts: Its texts, by the field's name; empty ones are left out.
		moments: Its times, UTC, by the field's name; those that there are not are left out.
		count: How many things are affected.
		occurrences: How many diagnoses saw it.
		timeline: What happened, oldest first; empty where only a list was asked for.
		beside: It stands beside the site only.
	"""

	name: str
	status: IncidentStatus
	texts: Mapping[str, str]
	moments: Mapping[str, datetime]
	count: int = 0
	occurrences: int = 0
	timeline: tuple[Happened, ...] = ()
	beside: bool = False

	@property
	def severity(self) -> str:
		return self.texts.get("severity", "")

	@property
	def title(self) -> str:
		return self.texts.get("title", "")

	def as_dict(self) -> dict[str, Any]:
		"""Return it for JSON, redacted; times are UTC."""
		found: dict[str, Any] = redact(
			{
				"name": self.name,
				"status": self.status.value,
				**self.texts,
				**self.moments,
				"count": self.count,
				"occurrences": self.occurrences,
				"beside_the_site": self.beside,
				"timeline": [
					{
						"at": line.at,
						"event": line.event,
						"detail": line.detail,
						"actor": line.actor,
						"beside_the_site": line.beside,
					}
					for line in self.timeline
				],
			}
		)
		return found


def read_incidents(site: Site, *, everything: bool = False) -> list[Record]:
	"""Return the incidents of a site that are open, the most severe first; without their timelines.

	Args:
		site: The site.
		everything: Also those that are over; then the newest first.

	Raises:
		SourceUnavailable: The database does not answer.
	"""
	if not site.has_doctype(DOCTYPE):
		return []
	t = table(DOCTYPE)
	query = site.db.from_(t).select("*")
	if not everything:
		query = query.where(t.status.notin([status.value for status in IncidentStatus if not status.is_open]))
	rows = site.db.run(query.orderby(t.creation, order=Order.desc).limit(MOST_INCIDENTS))
	found = [_record(site, row) for row in rows]
	return found if everything else sorted(found, key=lambda record: record.severity)


def read_incident(site: Site, name: str) -> Record | None:
	"""Return an incident of a site with its timeline; None where there is none of that name.

	Raises:
		SourceUnavailable: The database does not answer.
	"""
	if not site.has_doctype(DOCTYPE):
		return None
	t = table(DOCTYPE)
	rows = site.db.run(site.db.from_(t).select("*").where(t["name"] == name))
	exact = [row for row in rows if row["name"] == name]
	return replace(_record(site, exact[0]), timeline=tuple(_timeline(site, name))) if exact else None


def _record(site: Site, row: Mapping[str, Any]) -> Record:
	moments = {name: site.moment(row.get(name)) for name in _MOMENTS}
	return Record(
		name=str(row["name"]),
		status=IncidentStatus(row["status"]),
		texts={name: str(row[name]) for name in _TEXTS if row.get(name)},
		moments={name: at for name, at in moments.items() if at is not None},
		count=int(row.get("count") or 0),
		occurrences=int(row.get("occurrences") or 0),
	)


def _timeline(site: Site, name: str) -> list[Happened]:
	if not site.has_doctype(EVENT, "incident", "moment"):
		return []
	t = table(EVENT)
	query = site.db.from_(t).select(t.number, t.moment, t.event, t.detail, t.actor)
	rows = site.db.run(query.where(t.incident == name).orderby(t.number, order=Order.desc).limit(MOST_LINES))
	return [
		Happened(
			datetime.fromisoformat(row["moment"]).astimezone(UTC),
			str(row["event"]),
			str(row["detail"] or ""),
			str(row["actor"] or ""),
		)
		for row in reversed(rows)
	]


def record_beside(name: str, entries: Sequence[Entry]) -> Record | None:
	"""Return an incident that was opened beside the site; None where these entries open none."""
	if not entries or entries[0].kind != OPENED:
		return None
	opened = entries[0]
	known = Record(
		name=name,
		status=IncidentStatus.DETECTED,
		texts={key: str(value) for key, value in {**opened.data, "source": "Break-Glass"}.items() if value},
		moments={"first_seen": opened.at},
		beside=True,
	)
	return with_entries(known, entries)


def with_entries(record: Record, entries: Iterable[Entry]) -> Record:
	"""Return an incident as it is with what was written down beside the site and not taken in yet."""
	for entry in entries:
		record = replace(record, timeline=(*record.timeline, happened(entry)))
		if "status" in entry.data:
			record = replace(record, status=IncidentStatus(entry.data["status"]))
	return record


def happened(entry: Entry) -> Happened:
	"""Return an entry as a line of the timeline."""
	kinds = {OPENED: EventKind.OPENED, NOTE: EventKind.NOTE}
	data = entry.data
	detail = str(data.get("title") or data.get("text") or "")
	if "status" in data:
		detail = f"{data['status']}: {detail}" if detail else str(data["status"])
	return Happened(entry.at, kinds.get(entry.kind, EventKind.STATUS).value, detail, entry.actor, beside=True)
