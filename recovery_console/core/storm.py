"""One tree of incidents instead of a flood: what explains the others, or came first and gravest, is at its top.

Pure functions. A diagnosis that would open many incidents at once is a storm: one of them leads, and the rest go beneath
it. Only what stands by itself is told to anybody; what is beneath lives on, and stands by itself again when it outlives
the incident above.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from recovery_console.core.finding import _
from recovery_console.core.incident import Change, Known, Look
from recovery_console.core.registry import family_order
from recovery_console.core.timeline import Event, EventKind

#: So many new incidents of one diagnosis are a storm.
STORM_FROM = 10
#: What opens within this time after a storm began goes beneath it, too.
STORM_LASTS = timedelta(hours=1)
#: What stands beneath an incident that ended so long ago, and could not be looked at since, stands by itself again.
UNSEEN_FOR = timedelta(hours=2)


def arrange(
	changes: Sequence[Change], known: Iterable[Known], look: Look, now: datetime, storm_from: int = STORM_FROM
) -> list[Change]:
	"""Put incidents beneath what explains them, and those of a storm beneath one of them.

	Args:
		changes: What a diagnosis does to incidents.
		known: The incidents as they were before it.
		look: What it saw.
		now: The present moment, aware.
		storm_from: From how many new incidents on it is a storm; 0: never.

	Returns:
		The changes with ``parent`` and what is told, those that stand by themselves first.
	"""
	tree = _Tree([*changes, *_left_behind(changes, known := list(known), now)], known)
	_beneath_causes(tree, look)
	alone = _join_running_storm(tree, _standing(tree), now, storm_from)
	if storm_from and len(alone) >= storm_from:
		_lead(tree, alone)
	return tree.result()


def _left_behind(changes: Sequence[Change], known: Sequence[Known], now: datetime) -> list[Change]:
	"""Return changes that change nothing for open incidents that nobody looks at, and that nothing stands above any more."""
	names = {incident.name: incident for incident in known}
	changed = {change.incident for change in changes}
	return [
		Change(
			incident=incident.name,
			fingerprint=incident.fingerprint,
			status=incident.status,
			severity=incident.severity,
			healthy_checks=incident.healthy_checks,
			sighting=None,
			events=(),
		)
		for incident in known
		if incident.status.is_open
		and incident.parent
		and incident.name not in changed
		and _ended_long_ago(names.get(incident.parent), now)
	]


def _ended_long_ago(above: Known | None, now: datetime) -> bool:
	if above is None:
		return True
	return not above.status.is_open and (above.resolved is None or now - above.resolved >= UNSEEN_FOR)


class _Tree:
	"""The changes of a diagnosis, while they are put in their places."""

	def __init__(self, changes: Sequence[Change], known: Iterable[Known]) -> None:
		self.known = {incident.name: incident for incident in known}
		self.changes = {change.fingerprint: change for change in changes}
		self.names = {
			incident.fingerprint: incident for incident in self.known.values() if incident.status.is_open
		}
		self.open = set(self.names) | set(self.changes)
		self.open -= {change.fingerprint for change in changes if not change.status.is_open}

	def before(self, fingerprint: str) -> Known | None:
		"""Return the incident of a change as it was."""
		name = self.changes[fingerprint].incident
		return self.known.get(name) if name else None

	def parent(self, fingerprint: str) -> str:
		"""Return the fingerprint beneath which a problem is now; empty where it stands by itself."""
		change = self.changes.get(fingerprint)
		if change is not None and change.parent is not None:
			return change.parent
		incident = self.names.get(fingerprint)
		above = self.known.get(incident.parent) if incident and incident.parent else None
		return above.fingerprint if above else ""

	def is_above(self, upper: str, lower: str) -> bool:
		"""Tell whether one problem is the other, or anywhere above it."""
		passed: set[str] = set()
		while lower and lower not in passed:
			if lower == upper:
				return True
			passed.add(lower)
			lower = self.parent(lower)
		return False

	def put(self, fingerprint: str, parent: str, detail: str) -> None:
		"""Put a problem beneath another and say so; what was told of it is not told any more.

		Where that would close a circle, the other one is let out of it first: it is the root now.
		"""
		if self.parent(fingerprint) == parent:
			self.changes[fingerprint] = replace(self.changes[fingerprint], tells="")
			return
		if self.is_above(fingerprint, parent):
			if parent not in self.changes:
				return
			self.changes[parent] = replace(self.changes[parent], parent="")
		change = self.changes[fingerprint]
		events = (*change.events, Event(EventKind.BENEATH, detail))
		self.changes[fingerprint] = replace(change, parent=parent, tells="", events=events)

	def free(self, fingerprint: str) -> None:
		"""Let a problem stand by itself that outlived what was above it."""
		change = self.changes[fingerprint]
		detail = _("What was above it is over, and it is still there: it stands by itself now.")
		events = (*change.events, Event(EventKind.BENEATH, detail))
		tells = change.tells or "Opened"
		self.changes[fingerprint] = replace(change, parent="", tells=tells, detail=detail, events=events)

	def result(self) -> list[Change]:
		# A parent is written before its children.
		found = [self._without_bad_news(fingerprint) for fingerprint in self.changes]
		return sorted(found, key=lambda change: bool(change.parent))

	def _without_bad_news(self, fingerprint: str) -> Change:
		"""Bad news of what is beneath is told with what is above; its end is told to whoever heard of it before."""
		change = self.changes[fingerprint]
		bad = change.tells and change.status.is_open
		return replace(change, tells="") if bad and self.parent(fingerprint) else change


def _beneath_causes(tree: _Tree, look: Look) -> None:
	"""Put each open problem beneath the one that explains it now, where that one has an incident."""
	for fingerprint, change in list(tree.changes.items()):
		sighting = look.seen.get(fingerprint)
		if sighting is None or not change.status.is_open:
			continue
		if sighting.root != fingerprint and sighting.root in tree.open:
			title = look.seen[sighting.root].finding["title"]
			tree.put(fingerprint, sighting.root, _("This explains it: {title}").format(title=title))


def _standing(tree: _Tree) -> list[str]:
	"""Return the problems that are new, or that outlived what was above them: these let themselves be told."""
	found = []
	for fingerprint, change in tree.changes.items():
		before = tree.before(fingerprint)
		is_fresh = before is None or not before.status.is_open
		if not change.status.is_open or change.parent:
			continue
		if is_fresh or (before is not None and _outlived(tree, before, change)):
			found.append(fingerprint)
			if not is_fresh:
				tree.free(fingerprint)
	return found


def _outlived(tree: _Tree, before: Known, change: Change) -> bool:
	"""Tell whether a problem is still seen while the incident above it is over."""
	if not before.parent or change.healthy_checks > before.healthy_checks:
		return False
	above = tree.known.get(before.parent)
	return above is None or above.fingerprint not in tree.open


def _join_running_storm(tree: _Tree, alone: list[str], now: datetime, storm_from: int) -> list[str]:
	"""Put what is new beneath a storm that runs, unless it is graver; return the rest."""
	storm = _running_storm(tree, now, storm_from)
	if storm is None:
		return alone
	rest = []
	for fingerprint in alone:
		if fingerprint == storm.fingerprint or tree.changes[fingerprint].severity < storm.severity:
			rest.append(fingerprint)
		else:
			tree.put(fingerprint, storm.fingerprint, _("It came with a storm of other problems."))
	return rest


def _running_storm(tree: _Tree, now: datetime, storm_from: int) -> Known | None:
	children = Counter(incident.parent for incident in tree.known.values() if incident.parent)
	leaders = [
		incident
		for incident in tree.known.values()
		if storm_from
		and incident.fingerprint in tree.open
		and children[incident.name] >= storm_from - 1
		and incident.first_seen is not None
		and now - incident.first_seen <= STORM_LASTS
	]
	return max(leaders, key=lambda each: (children[each.name], each.name), default=None)


def _lead(tree: _Tree, alone: Sequence[str]) -> None:
	"""Put all but one beneath that one: the gravest, then what explains most, then what the others stand on."""
	leader = min(alone, key=lambda fingerprint: _rank(tree.changes[fingerprint]))
	rest = [fingerprint for fingerprint in alone if fingerprint != leader]
	grave = Counter(tree.changes[fingerprint].severity for fingerprint in rest)
	told = ", ".join(f"{number} {severity}" for severity, number in sorted(grave.items()))
	change = tree.changes[leader]
	text = _("{count} other problems came with it ({told}) and are beneath this one.")
	detail = text.format(count=len(rest), told=told)
	events = (*change.events, Event(EventKind.CHANGED, detail))
	tree.changes[leader] = replace(change, parent="", detail=detail, events=events)
	title = _title(change)
	for fingerprint in rest:
		text = _("It came with {count} other problems; this one leads them: {title}")
		tree.put(fingerprint, leader, text.format(count=len(rest), title=title))


def _title(change: Change) -> str:
	return str(change.sighting.finding["title"]) if change.sighting else change.fingerprint


def _rank(change: Change) -> tuple[str, int, tuple[int, str], str]:
	explained = len(change.sighting.explained) if change.sighting else 0
	family = change.sighting.family if change.sighting else ""
	return change.severity, -explained, family_order(family), change.fingerprint
