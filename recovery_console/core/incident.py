"""The life of an incident: what opens one, what changes it, when it is over. Pure functions."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from recovery_console.core.finding import Status, _
from recovery_console.core.sighting import Sighting, propose_severity, sightings
from recovery_console.core.timeline import Event, EventKind

#: A problem is over when its check looked this often in a row and did not find it.
HEALTHY_CHECKS = 2
#: A problem that comes back within this time is the same incident; later it is a new one.
REOPEN_WITHIN = timedelta(days=7)
#: An incident with a longer timeline is not reopened: the next sighting starts a new one.
MOST_EVENTS = 500


class IncidentStatus(str, enum.Enum):
	"""Where an incident stands."""

	DETECTED = "Detected"
	ACKNOWLEDGED = "Acknowledged"
	INVESTIGATING = "Investigating"
	MITIGATED = "Mitigated"
	RESOLVED = "Resolved"
	CLOSED = "Closed"
	REOPENED = "Reopened"

	__str__ = str.__str__

	@property
	def is_open(self) -> bool:
		return self not in (IncidentStatus.RESOLVED, IncidentStatus.CLOSED)


_S = IncidentStatus
_NEXT: dict[IncidentStatus, tuple[IncidentStatus, ...]] = {
	_S.DETECTED: (_S.ACKNOWLEDGED, _S.INVESTIGATING, _S.MITIGATED, _S.RESOLVED),
	_S.REOPENED: (_S.ACKNOWLEDGED, _S.INVESTIGATING, _S.MITIGATED, _S.RESOLVED),
	_S.ACKNOWLEDGED: (_S.INVESTIGATING, _S.MITIGATED, _S.RESOLVED),
	_S.INVESTIGATING: (_S.ACKNOWLEDGED, _S.MITIGATED, _S.RESOLVED),
	_S.MITIGATED: (_S.INVESTIGATING, _S.RESOLVED),
	_S.RESOLVED: (_S.CLOSED, _S.REOPENED),
	_S.CLOSED: (),
}


def may_become(before: str, after: str) -> bool:
	"""Tell whether an incident may go from one status to another. Staying is always allowed."""
	return before == after or IncidentStatus(after) in _NEXT[IncidentStatus(before)]


def open_key(fingerprint: str, status: str) -> str | None:
	"""Return the key of which a site has one at most: a digest of the fingerprint while the incident is open.

	A digest, because databases compare texts without regard to case, and cut long ones.
	"""
	if not IncidentStatus(status).is_open:
		return None
	return hashlib.sha256(fingerprint.encode()).hexdigest()


@dataclass(frozen=True)
class Known:
	"""An incident as it is stored, as far as the next diagnosis needs it."""

	name: str
	fingerprint: str
	check: str
	status: IncidentStatus
	severity: str
	gravity: str
	count: int
	healthy_checks: int = 0
	resolved: datetime | None = None
	events: int = 0


@dataclass(frozen=True)
class Change:
	"""What a diagnosis does to an incident.

	Args:
		incident: Its name; None opens a new one.
		fingerprint: Which problem it is.
		status: Its new status.
		severity: Its new severity.
		healthy_checks: How often in a row its check has looked and not found it.
		sighting: The problem as it was found this time; None when it was not found.
		events: What to add to the timeline.
	"""

	incident: str | None
	fingerprint: str
	status: IncidentStatus
	severity: str
	healthy_checks: int
	sighting: Sighting | None
	events: tuple[Event, ...]


def follow(known: Iterable[Known], report: Mapping[str, Any], now: datetime) -> list[Change]:
	"""Work out what a report changes: incidents to open, to update, to resolve, to reopen.

	Findings that another finding explains open no incident of their own: they are listed with their cause.
	A check that could not look, does not apply, or did not run changes nothing.

	Args:
		known: Every open incident, and those resolved within ``REOPEN_WITHIN``.
		report: A report as design.md defines it.
		now: The present moment, aware.
	"""
	seen, roots = sightings(report)
	latest = _latest(known, now)
	changes = [
		_still_there(incident, seen[fingerprint])
		if incident.status.is_open
		else _back(incident, seen[fingerprint], now)
		for fingerprint, incident in latest.items()
		if fingerprint in seen and (incident.status.is_open or fingerprint in roots)
	]
	changes += [_opened(seen[fingerprint]) for fingerprint in roots if fingerprint not in latest]
	looked = {
		check["id"] for check in report["checks"] if check["status"] not in (Status.UNKNOWN, Status.SKIPPED)
	}
	changes += [
		_not_found(incident)
		for fingerprint, incident in latest.items()
		if fingerprint not in seen and incident.status.is_open and incident.check in looked
	]
	return changes


def _latest(known: Iterable[Known], now: datetime) -> dict[str, Known]:
	"""Choose one incident per problem: the open one, else the one that was resolved last and may reopen."""
	chosen: dict[str, Known] = {}
	for incident in known:
		other = chosen.get(incident.fingerprint)
		if _may_reopen(incident, now) and (other is None or _prefer(incident, other)):
			chosen[incident.fingerprint] = incident
	return chosen


def _may_reopen(incident: Known, now: datetime) -> bool:
	if incident.status.is_open:
		return True
	if incident.status is IncidentStatus.CLOSED or incident.resolved is None:
		return False
	return now - incident.resolved <= REOPEN_WITHIN and incident.events < MOST_EVENTS


def _prefer(incident: Known, other: Known) -> bool:
	if incident.status.is_open or other.status.is_open:
		return incident.status.is_open
	return incident.resolved is not None and (other.resolved is None or incident.resolved > other.resolved)


def _opened(sighting: Sighting) -> Change:
	finding = sighting.finding
	return Change(
		incident=None,
		fingerprint=finding["fingerprint"],
		status=IncidentStatus.DETECTED,
		severity=propose_severity(finding["severity"], sighting.family) or "S4",
		healthy_checks=0,
		sighting=sighting,
		events=(Event(EventKind.SEEN, finding["title"]),),
	)


def _still_there(incident: Known, sighting: Sighting) -> Change:
	proposed = propose_severity(sighting.finding["severity"], sighting.family) or incident.severity
	worse = sighting.finding["severity"] != incident.gravity and proposed < incident.severity
	return Change(
		incident=incident.name,
		fingerprint=incident.fingerprint,
		status=incident.status,
		severity=proposed if worse else incident.severity,
		healthy_checks=0,
		sighting=sighting,
		events=_short_of_room(incident, _differences(incident, sighting.finding)),
	)


def _differences(incident: Known, finding: Mapping[str, Any]) -> list[Event]:
	events: list[Event] = []
	if incident.healthy_checks:
		events.append(Event(EventKind.SEEN, _("Seen again: {title}").format(title=finding["title"])))
	if finding["severity"] != incident.gravity:
		text = _("It was {before} and is {after} now.")
		events.append(
			Event(EventKind.CHANGED, text.format(before=incident.gravity, after=finding["severity"]))
		)
	elif not incident.count / 2 < finding["count"] < incident.count * 2:
		text = _("It affected {before} and affects {after} now.")
		events.append(Event(EventKind.CHANGED, text.format(before=incident.count, after=finding["count"])))
	return events


def _back(incident: Known, sighting: Sighting, now: datetime) -> Change:
	hours = (now - (incident.resolved or now)) / timedelta(hours=1)
	text = _("Seen again {hours} h after it was resolved: {title}")
	return Change(
		incident=incident.name,
		fingerprint=incident.fingerprint,
		status=IncidentStatus.REOPENED,
		severity=propose_severity(sighting.finding["severity"], sighting.family) or incident.severity,
		healthy_checks=0,
		sighting=sighting,
		events=(Event(EventKind.REOPENED, text.format(hours=round(hours), title=sighting.finding["title"])),),
	)


def _not_found(incident: Known) -> Change:
	healthy = incident.healthy_checks + 1
	over = healthy >= HEALTHY_CHECKS
	events: Sequence[Event] = [
		Event(EventKind.RECOVERED, _("The check looked and did not find it. It must do so twice in a row."))
	]
	if over:
		events = [Event(EventKind.RESOLVED, _("The check looked twice in a row and did not find it."))]
	return Change(
		incident=incident.name,
		fingerprint=incident.fingerprint,
		status=IncidentStatus.RESOLVED if over else incident.status,
		severity=incident.severity,
		healthy_checks=healthy,
		sighting=None,
		events=tuple(events) if over else _short_of_room(incident, events),
	)


def _short_of_room(incident: Known, events: Sequence[Event]) -> tuple[Event, ...]:
	"""Leave out what a full timeline can do without."""
	return tuple(events) if incident.events < MOST_EVENTS else ()
