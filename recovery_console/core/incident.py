"""The life of an incident: what opens one, what changes it, when it is over. Pure functions."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from recovery_console.core.finding import Status, _
from recovery_console.core.record import dataclass
from recovery_console.core.severity import category
from recovery_console.core.sighting import Sighting, sightings
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

	@property
	def waits(self) -> bool:
		"""Whether nobody has acknowledged it yet."""
		return self in (IncidentStatus.DETECTED, IncidentStatus.REOPENED)


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


def next_statuses(status: str) -> tuple[str, ...]:
	"""Return the statuses that may follow, nearest first."""
	return tuple(each.value for each in _NEXT[IncidentStatus(status)])


def open_key(fingerprint: str, status: str) -> str | None:
	"""Return the key of which a site has one at most: a digest of the fingerprint while the incident is open.

	A digest, because databases compare texts without regard to case, and cut long ones.
	"""
	if not IncidentStatus(status).is_open:
		return None
	return hashlib.sha256(fingerprint.encode()).hexdigest()


@dataclass(frozen=True)
class Known:
	"""An incident as it is stored, as far as the next diagnosis needs it.

	Args:
		name: Its name.
		fingerprint: Which problem it is.
		check: Id of its check.
		status: Where it stands.
		severity: How severe it is, by the console or by a person.
		gravity: Severity of the finding when it was last seen.
		count: How many things were affected then.
		healthy_checks: How often in a row its check has looked and not found it.
		resolved: When it was resolved.
		events: How many lines its timeline has.
		proposed: The severity that the console last proposed; empty where it never did.
		first_seen: When it was first seen.
		parent: Name of the incident beneath which it is; empty where it stands by itself.
		also: Fingerprints of the duplicates that were merged into it.
		by_hand: A person opened it: no check says when it is over.
		repaired: It was mitigated by a run whose checks found nothing more.
	"""

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
	proposed: str = ""
	first_seen: datetime | None = None
	parent: str = ""
	also: tuple[str, ...] = ()
	by_hand: bool = False
	repaired: bool = False


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
		proposed: The severity that the console proposes; empty where it was not found.
		reason: Why this severity.
		category: What kind of incident it is; only used to open one.
		parent: Fingerprint of the problem beneath which it goes; empty: it stands by itself; None: as before.
		tells: What notices say of it, such as ``Opened``; empty: nothing.
		detail: What such a notice adds.
	"""

	incident: str | None
	fingerprint: str
	status: IncidentStatus
	severity: str
	healthy_checks: int
	sighting: Sighting | None
	events: tuple[Event, ...]
	proposed: str = ""
	reason: str = ""
	category: str = "Technical"
	parent: str | None = None
	tells: str = ""
	detail: str = ""


@dataclass(frozen=True)
class Look:
	"""What a diagnosis saw.

	Args:
		seen: Every problem by fingerprint.
		roots: Those that nothing else explains.
		looked: Ids of the checks that looked.
	"""

	seen: Mapping[str, Sighting]
	roots: Sequence[str]
	looked: frozenset[str]

	@classmethod
	def of(cls, report: Mapping[str, Any]) -> Look:
		"""Read it from a report as design.md defines it."""
		seen, roots = sightings(report)
		silent = (Status.UNKNOWN, Status.SKIPPED)
		looked = frozenset(check["id"] for check in report["checks"] if check["status"] not in silent)
		return cls(seen, roots, looked)


def newcomers(
	known: Iterable[Known], look: Look, now: datetime, reopen: timedelta = REOPEN_WITHIN
) -> set[str]:
	"""Return the fingerprints of the problems that would open a new incident: nothing explains them, none is known."""
	latest = _latest(known, now, reopen)
	return {fingerprint for fingerprint in look.roots if fingerprint not in latest}


def follow(
	known: Iterable[Known],
	look: Look,
	now: datetime,
	*,
	may_open: Collection[str],
	silenced: Collection[str] = (),
	reopen: timedelta = REOPEN_WITHIN,
) -> list[Change]:
	"""Work out what a diagnosis changes: incidents to open, to update, to resolve, to reopen.

	Findings that another finding explains open no incident of their own: they are listed with their cause.
	A check that could not look, does not apply, or did not run changes nothing.

	Args:
		known: Every open incident, and those resolved within ``reopen``.
		look: What the diagnosis saw.
		now: The present moment, aware.
		may_open: Fingerprints of the newcomers that are confirmed.
		silenced: Fingerprints of problems that neither open nor reopen an incident now.
		reopen: How long a resolved incident is reopened.
	"""
	latest = _latest(known, now, reopen)
	changes: list[Change] = []
	for incident in {each.name: each for each in latest.values()}.values():
		sighting = _sighting(incident, look)
		if incident.status.is_open:
			changes += [_still_there(incident, sighting, now)] if sighting else _gone(incident, look)
		elif sighting and sighting.root == sighting.fingerprint and sighting.fingerprint not in silenced:
			changes.append(_back(incident, sighting, now))
	allowed = set(may_open) - set(silenced)
	return changes + [
		_opened(look.seen[fingerprint])
		for fingerprint in look.roots
		if fingerprint not in latest and fingerprint in allowed
	]


def _sighting(incident: Known, look: Look) -> Sighting | None:
	"""Return how an incident's problem, or one of its duplicates, was seen."""
	for fingerprint in (incident.fingerprint, *incident.also):
		if fingerprint in look.seen:
			return look.seen[fingerprint]
	return None


def _gone(incident: Known, look: Look) -> list[Change]:
	checks = {incident.check, *(also.partition(":")[0] for also in incident.also)}
	return [] if incident.by_hand or not checks <= look.looked else [_not_found(incident)]


def _latest(known: Iterable[Known], now: datetime, reopen: timedelta) -> dict[str, Known]:
	"""Choose one incident per problem: the open one, else the one that was resolved last and may reopen."""
	chosen: dict[str, Known] = {}
	for incident in known:
		if not _may_reopen(incident, now, reopen):
			continue
		for fingerprint in (incident.fingerprint, *incident.also):
			other = chosen.get(fingerprint)
			if other is None or _prefer(incident, other):
				chosen[fingerprint] = incident
	return {key: each for key, each in chosen.items() if chosen[each.fingerprint] is each}


def _may_reopen(incident: Known, now: datetime, reopen: timedelta) -> bool:
	if incident.status.is_open:
		return True
	if incident.status is IncidentStatus.CLOSED or incident.resolved is None or incident.by_hand:
		return False
	return now - incident.resolved <= reopen and incident.events < MOST_EVENTS


def _prefer(incident: Known, other: Known) -> bool:
	if incident.status.is_open or other.status.is_open:
		return incident.status.is_open and not other.status.is_open
	return incident.resolved is not None and (other.resolved is None or incident.resolved > other.resolved)


def _opened(sighting: Sighting) -> Change:
	finding = sighting.finding
	proposal = sighting.proposal()
	return Change(
		incident=None,
		fingerprint=finding["fingerprint"],
		status=IncidentStatus.DETECTED,
		severity=proposal.severity,
		healthy_checks=0,
		sighting=sighting,
		events=(Event(EventKind.SEEN, finding["title"]),),
		proposed=proposal.severity,
		reason=proposal.reason,
		category=category(sighting.check, sighting.family),
		tells="Opened",
	)


def _still_there(incident: Known, sighting: Sighting, now: datetime) -> Change:
	proposal = sighting.proposal(now - incident.first_seen if incident.first_seen else timedelta(0))
	own = sighting.fingerprint == incident.fingerprint
	change = Change(
		incident=incident.name,
		fingerprint=incident.fingerprint,
		status=incident.status,
		severity=incident.severity,
		healthy_checks=0,
		sighting=sighting if own else None,
		events=_short_of_room(incident, _differences(incident, sighting.finding) if own else []),
		proposed=min(incident.proposed or "S4", proposal.severity),
	)
	if proposal.severity < min(incident.proposed or incident.severity, incident.severity):
		text = _("The console raised it from {before} to {after}: {reason}")
		detail = text.format(before=incident.severity, after=proposal.severity, reason=proposal.reason)
		change = replace(
			change,
			severity=proposal.severity,
			reason=proposal.reason,
			events=(*change.events, Event(EventKind.SEVERITY, detail)),
			tells="Worse",
			detail=detail,
		)
	if incident.status is IncidentStatus.MITIGATED and (incident.repaired or incident.healthy_checks):
		text = _("It was mitigated, and is seen again: {title}")
		detail = text.format(title=sighting.finding["title"])
		event = Event(EventKind.STATUS, detail)
		change = replace(
			change,
			status=IncidentStatus.INVESTIGATING,
			events=(*change.events, event),
			tells="Worse",
			detail=detail,
		)
	return change


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
	detail = text.format(hours=round(hours), title=sighting.finding["title"])
	proposal = sighting.proposal()
	return Change(
		incident=incident.name,
		fingerprint=incident.fingerprint,
		status=IncidentStatus.REOPENED,
		severity=_severity_again(incident, proposal.severity),
		healthy_checks=0,
		sighting=sighting if sighting.fingerprint == incident.fingerprint else None,
		events=(Event(EventKind.REOPENED, detail),),
		proposed=proposal.severity,
		reason=proposal.reason,
		parent="",
		tells="Reopened",
		detail=detail,
	)


def _severity_again(incident: Known, proposed: str) -> str:
	"""Return the severity of a problem that came back: a person's choice holds unless it is worse than it ever was."""
	if incident.severity == (incident.proposed or incident.severity):
		return proposed
	return min(proposed, incident.severity) if proposed < incident.proposed else incident.severity


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
		tells="Resolved" if over else "",
	)


def _short_of_room(incident: Known, events: Sequence[Event]) -> tuple[Event, ...]:
	"""Leave out what a full timeline can do without."""
	return tuple(events) if incident.events < MOST_EVENTS else ()
