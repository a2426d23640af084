"""Figures of incidents: how fast they were answered, whether in time, what comes back, how long nothing worked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise
from statistics import fmean, median
from typing import Any

from recovery_console.core.record import dataclass
from recovery_console.core.times import UTC

#: The clocks whose word is kept or broken.
CLOCKS = ("acknowledge", "mitigate", "resolve")


@dataclass(frozen=True)
class Life:
	"""What figures need to know of an incident. All moments are aware.

	Args:
		name: Its name.
		began: When the problem was first seen.
		severity: S1 to S4.
		family: Family of its check; empty for one that was opened by hand.
		category: Its category.
		root: What makes it the same problem when it comes back: its fingerprint.
		title: Its title.
		acknowledged: When somebody took it on.
		mitigated: When the service was back.
		resolved: When its cause was removed.
		due: When each clock runs out, by its name.
		breached: Which clocks have run out.
		seen: How often it came back while it was the same incident: reopened.
	"""

	name: str
	began: datetime
	severity: str
	family: str = ""
	category: str = ""
	root: str = ""
	title: str = ""
	acknowledged: datetime | None = None
	mitigated: datetime | None = None
	resolved: datetime | None = None
	due: Mapping[str, datetime] = field(default_factory=dict)
	breached: frozenset[str] = frozenset()
	seen: int = 0

	@property
	def back(self) -> datetime | None:
		"""When the service was back: at the latest when the cause was removed."""
		moments = [at for at in (self.mitigated, self.resolved) if at is not None]
		return min(moments) if moments else None

	@property
	def done(self) -> Mapping[str, datetime | None]:
		"""When each clock was stopped. Whoever resolves an incident has seen it and brought the service back."""
		answered = self.acknowledged or self.back
		return {"acknowledge": answered, "mitigate": self.back, "resolve": self.resolved}


@dataclass(frozen=True)
class Figures:
	"""The figures of some incidents. Times are means and None where no incident has got so far.

	Args:
		group: What these incidents have in common.
		incidents: How many there are.
		open: How many of them are not resolved.
		to_acknowledge: MTTA: from first sight until somebody took it on; those that ended before do not count.
		to_mitigate: MTTM: from first sight until the service was back.
		to_resolve: MTTR: from first sight until the cause was removed.
		half_resolved: In this time half of them were resolved; one long one does not move it.
		kept: Promised times that were kept.
		broken: Promised times that were not.
	"""

	group: tuple[str, ...]
	incidents: int
	open: int
	to_acknowledge: timedelta | None
	to_mitigate: timedelta | None
	to_resolve: timedelta | None
	half_resolved: timedelta | None
	kept: int
	broken: int

	@property
	def kept_ratio(self) -> float | None:
		"""Which part of the promised times was kept, from 0 to 1; None where none was due yet."""
		judged = self.kept + self.broken
		return self.kept / judged if judged else None


def figures(lives: Iterable[Life], now: datetime, by: Callable[[Life], tuple[str, ...]]) -> list[Figures]:
	"""Return the figures of incidents, group by group in their order.

	Args:
		lives: The incidents; those beneath others and duplicates left out.
		now: The present moment, aware.
		by: Says to which group an incident belongs.
	"""
	groups: dict[tuple[str, ...], list[Life]] = {}
	for life in lives:
		groups.setdefault(by(life), []).append(life)
	return [_figures(group, groups[group], now) for group in sorted(groups)]


def _figures(group: tuple[str, ...], lives: Sequence[Life], now: datetime) -> Figures:
	words = [word for life in lives for word in _words(life, now)]
	resolved = [life.resolved - life.began for life in lives if life.resolved]
	return Figures(
		group=group,
		incidents=len(lives),
		open=sum(life.resolved is None for life in lives),
		to_acknowledge=_mean(life.acknowledged - life.began for life in lives if life.acknowledged),
		to_mitigate=_mean(life.back - life.began for life in lives if life.back),
		to_resolve=_mean(resolved),
		half_resolved=timedelta(seconds=median(took.total_seconds() for took in resolved))
		if resolved
		else None,
		kept=sum(words),
		broken=len(words) - sum(words),
	)


def _words(life: Life, now: datetime) -> list[bool]:
	"""Return for each promised time whether it was kept; of one that still runs nothing can be said."""
	found = []
	for clock in CLOCKS:
		due, done = life.due.get(clock), life.done[clock]
		if clock in life.breached:
			found.append(False)
		elif due is not None and (done is not None or due < now):
			found.append(done is not None and done <= due)
	return found


def _mean(durations: Iterable[timedelta]) -> timedelta | None:
	seconds = [max(0.0, duration.total_seconds()) for duration in durations]
	return timedelta(seconds=fmean(seconds)) if seconds else None


def period_of(at: datetime, every: str, zone: tzinfo) -> str:
	"""Name the period in which a moment lies: ``2026-11``, ``2026-W47`` or ``2026``.

	Args:
		at: The moment, aware.
		every: Month, Week or Year.
		zone: In whose time.
	"""
	local = at.astimezone(zone)
	if every == "Week":
		year, week, _day = local.isocalendar()
		return f"{year}-W{week:02d}"
	return f"{local:%Y}" if every == "Year" else f"{local:%Y-%m}"


@dataclass(frozen=True)
class Recurring:
	"""A problem that came back.

	Args:
		root: What makes it the same: its fingerprint.
		title: Title of its latest incident.
		family: Its family.
		times: How often it came: incidents, and reopenings of them.
		incidents: Their names, oldest first.
		first: When it came first.
		last: When it came last.
		between: How long it stayed away, in the mean, from one incident to the next; None where it was reopened only.
		lasted: How long it was there altogether.
	"""

	root: str
	title: str
	family: str
	times: int
	incidents: tuple[str, ...]
	first: datetime
	last: datetime
	between: timedelta | None
	lasted: timedelta


def recurring(lives: Iterable[Life], now: datetime, *, at_least: int = 2) -> list[Recurring]:
	"""Return the problems that came back, the most frequent first.

	Args:
		lives: The incidents.
		now: The present moment, aware.
		at_least: So often it must have come.
	"""
	groups: dict[str, list[Life]] = {}
	for life in lives:
		groups.setdefault(life.root or life.name, []).append(life)
	found = [
		_recurring(root, sorted(group, key=lambda life: life.began), now) for root, group in groups.items()
	]
	return sorted(
		[problem for problem in found if problem.times >= at_least],
		key=lambda problem: (-problem.times, -problem.lasted.total_seconds(), problem.root),
	)


def _recurring(root: str, lives: Sequence[Life], now: datetime) -> Recurring:
	gaps = [after.began - before.began for before, after in pairwise(lives)]
	return Recurring(
		root=root,
		title=lives[-1].title,
		family=lives[-1].family,
		times=sum(1 + life.seen for life in lives),
		incidents=tuple(life.name for life in lives),
		first=lives[0].began,
		last=lives[-1].began,
		between=_mean(gaps),
		lasted=sum(((life.resolved or now) - life.began for life in lives), timedelta()),
	)


@dataclass(frozen=True)
class Downtime:
	"""How long nothing worked in a month.

	Args:
		month: Such as ``2026-11``.
		incidents: The incidents that were it.
		down: How long; times that overlap count once.
		of: How long the month was, as far as it is over.
	"""

	month: str
	incidents: tuple[str, ...]
	down: timedelta
	of: timedelta

	@property
	def available(self) -> float:
		"""Which part of the month the site worked, from 0 to 1."""
		return 1 - self.down / self.of if self.of else 1.0


def downtime(
	lives: Iterable[Life], since: datetime, now: datetime, zone: tzinfo, severities: Iterable[str] = ("S1",)
) -> list[Downtime]:
	"""Return the downtime of each month, oldest first; months without any are in it.

	A site is down from the first sight of an incident until the service was back.

	Args:
		lives: The incidents.
		since: Where to begin, aware; its month is told from there.
		now: The present moment, aware.
		zone: In whose time months begin.
		severities: Which incidents mean that nothing works.
	"""
	down = [life for life in lives if life.severity in set(severities)]
	found = []
	for first, end in _months(since, now, zone):
		hit = [life for life in down if life.began < end and (life.back or now) > first]
		spans = [(max(life.began, first), min(life.back or now, end)) for life in hit]
		names = tuple(life.name for life in hit)
		found.append(Downtime(f"{first.astimezone(zone):%Y-%m}", names, _covered(spans), end - first))
	return found


def _months(since: datetime, now: datetime, zone: tzinfo) -> Iterable[tuple[datetime, datetime]]:
	"""Yield the months from a moment until now, in UTC: a month in which clocks change is shorter or longer."""
	start = since.astimezone(UTC)
	while start < now:
		local = start.astimezone(zone)
		following = date(local.year + local.month // 12, local.month % 12 + 1, 1)
		end = datetime(following.year, following.month, 1, tzinfo=zone).astimezone(UTC)
		yield start, min(end, now.astimezone(UTC))
		start = end


def _covered(spans: Iterable[tuple[datetime, datetime]]) -> timedelta:
	"""Return how much time spans cover, what overlaps once."""
	total, reached = timedelta(), None
	for start, end in sorted(spans):
		begins = start if reached is None else max(start, reached)
		if end > begins:
			total += end - begins
		reached = end if reached is None else max(reached, end)
	return total


def open_each_day(
	lives: Iterable[Life], days: Sequence[date], zone: tzinfo, now: datetime
) -> list[dict[str, Any]]:
	"""Return how many incidents were open at the end of each day, by severity.

	Args:
		lives: The incidents.
		days: The days, in order.
		zone: In whose time days end.
		now: The present moment, aware; the last day ends there.
	"""
	known = list(lives)
	found = []
	for day in days:
		after = day + timedelta(days=1)
		end = min(datetime(after.year, after.month, after.day, tzinfo=zone).astimezone(UTC), now)
		there = [
			life for life in known if life.began <= end and (life.resolved is None or life.resolved > end)
		]
		found.append(
			{"day": day, **{s: sum(life.severity == s for life in there) for s in ("S1", "S2", "S3", "S4")}}
		)
	return found
