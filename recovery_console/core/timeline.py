"""The timeline of an incident: lines that are only ever added, each sealed to the one before."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

from recovery_console.core.record import dataclass
from recovery_console.core.times import UTC


class EventKind(str, enum.Enum):
	"""What a line of the timeline tells."""

	OPENED = "Opened"
	SEEN = "Seen"
	CHANGED = "Changed"
	RECOVERED = "Recovered"
	RESOLVED = "Resolved"
	REOPENED = "Reopened"
	REPAIRED = "Repaired"
	STATUS = "Status"
	SEVERITY = "Severity"
	NOTE = "Note"
	SNAPSHOT = "Snapshot"
	MAIL = "Mail"
	ESCALATED = "Escalated"
	NOTIFIED = "Notified"
	BREACHED = "Breached"
	PAUSED = "Paused"
	CONTINUED = "Continued"
	SNOOZED = "Snoozed"
	SILENCED = "Silenced"
	MERGED = "Merged"
	BENEATH = "Beneath"
	SITE_CHANGED = "Site Changed"
	EVIDENCE = "Evidence"
	REVIEWED = "Reviewed"

	__str__ = str.__str__


@dataclass(frozen=True)
class Event:
	"""What happened, before it stands in a timeline."""

	kind: EventKind
	detail: str


@dataclass(frozen=True)
class Line:
	"""One line of a timeline.

	Args:
		number: Its place, from 1.
		at: When it happened, aware.
		event: What it tells, one of `EventKind`.
		detail: In words.
		actor: Who did it; empty where the console saw it by itself.
		snapshot: Name of the Health Snapshot that shows it; empty where none does.
		reference: DocType and name of what it is about; both empty where it is about nothing else.
		previous: Seal of the line before; empty for the first.
		seal: Its own.
	"""

	number: int
	at: datetime
	event: str
	detail: str
	actor: str = ""
	snapshot: str = ""
	reference: tuple[str, str] = ("", "")
	previous: str = ""
	seal: str = ""


def moment_of(at: datetime) -> str:
	"""Return a moment as lines keep it: UTC, ISO 8601, to the microsecond, which no clock change makes ambiguous."""
	return at.astimezone(UTC).isoformat(timespec="microseconds")


def seal_of(incident: str, line: Line) -> str:
	"""Return the seal that a line must have: a digest of what it says and of the line before."""
	said = [
		incident,
		line.number,
		moment_of(line.at),
		line.event,
		line.detail,
		line.actor,
		line.snapshot,
		*line.reference,
		line.previous,
	]
	return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def first_broken(incident: str, lines: Iterable[Line]) -> int | None:
	"""Return the number of the first line that is missing or was changed; None where the timeline is whole.

	Lines that were taken from the end leave no gap: the incident itself keeps how many there are.

	Args:
		incident: Name of the incident.
		lines: All of its lines, oldest first.
	"""
	previous = ""
	for expected, line in enumerate(lines, 1):
		if line.number != expected or line.previous != previous or line.seal != seal_of(incident, line):
			return expected
		previous = line.seal
	return None
