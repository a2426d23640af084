"""When the console keeps quiet: silences and maintenance windows, each with an end and a reason. Pure functions.

A problem that a silence covers opens no incident. It is counted on the silence, and when the silence is over and it is
still there it opens one like any other.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import datetime, time, timedelta, tzinfo

from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.record import dataclass
from recovery_console.core.times import UTC

#: A silence holds no longer …
LONGEST = timedelta(days=31)
#: … and windows that return every day or week are looked at anew after this time.
LONGEST_REPEATED = timedelta(days=366)
#: An incident that was snoozed comes back after this time at the latest; the worst ones sooner.
LONGEST_SNOOZE = timedelta(days=30)
LONGEST_SNOOZE_OF_S1 = timedelta(hours=24)
#: Frappe's maintenance mode keeps the console quiet for so long. Later somebody forgot to end it.
LONGEST_MAINTENANCE = timedelta(hours=4)
#: A reason of fewer letters is none.
SHORTEST_REASON = 5
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Scope(str, enum.Enum):
	"""What a silence covers."""

	SITE = "Whole Site"
	FAMILY = "Family"
	CHECK = "Check"
	PROBLEM = "Problem"

	__str__ = str.__str__


class Repeat(str, enum.Enum):
	"""How often a silence holds between its start and its end."""

	ONCE = "Once"
	DAILY = "Daily"
	WEEKLY = "Weekly"

	__str__ = str.__str__


@dataclass(frozen=True)
class Silence:
	"""A time in which a part of the site raises no incident.

	Args:
		name: Its name.
		scope: What it covers.
		target: Name of the family, id of the check, or fingerprint of the problem; empty for the whole site.
		reason: Why.
		starts: From when on it holds, aware.
		ends: When it is over, aware; that moment is no longer covered.
		repeat: Once: all the time between. Daily, weekly: only in the window.
		window: From and until when in the day, by the site's clock. One that ends earlier than it begins goes past midnight;
			one that ends when it begins lasts the whole day.
		days: Weekdays on which a weekly window begins, Monday is 0.
		besides: Ids of checks that it does not cover all the same.
	"""

	name: str
	scope: Scope
	target: str
	reason: str
	starts: datetime
	ends: datetime
	repeat: Repeat = Repeat.ONCE
	window: tuple[time, time] = (time(0), time(0))
	days: frozenset[int] = frozenset()
	besides: frozenset[str] = frozenset()

	def covers(self, fingerprint: str, check: str, family: str) -> bool:
		"""Tell whether a problem is one of those that it is about."""
		if check in self.besides:
			return False
		if self.scope is Scope.SITE:
			return True
		if self.scope is Scope.FAMILY:
			return family == self.target
		return (check if self.scope is Scope.CHECK else fingerprint) == self.target

	def holds(self, now: datetime, zone: tzinfo) -> bool:
		"""Tell whether it holds at a moment."""
		return self.until(now, zone) is not None

	def until(self, now: datetime, zone: tzinfo) -> datetime | None:
		"""Return when it ends that holds at a moment, UTC; None where it does not hold then."""
		if not self.starts <= now < self.ends:
			return None
		if self.repeat is Repeat.ONCE:
			return self.ends.astimezone(UTC)
		end = self._window_end(now.astimezone(zone))
		return min(end, self.ends).astimezone(UTC) if end else None

	def _window_end(self, local: datetime) -> datetime | None:
		begin, end = self.window
		clock = local.time().replace(tzinfo=None)
		past_midnight = end <= begin
		if clock >= begin and (past_midnight or clock < end) and self._begins_on(local):
			day = local + timedelta(days=1) if past_midnight else local
			return _at(day, end)
		yesterday = local - timedelta(days=1)
		if past_midnight and clock < end and self._begins_on(yesterday):
			return _at(local, end)
		return None

	def _begins_on(self, day: datetime) -> bool:
		return self.repeat is Repeat.DAILY or day.weekday() in self.days


def _at(day: datetime, clock: time) -> datetime:
	return datetime.combine(day.date(), clock, tzinfo=day.tzinfo)


def covering(
	silences: Iterable[Silence], fingerprint: str, check: str, family: str, now: datetime, zone: tzinfo
) -> Silence | None:
	"""Return the silence that covers a problem now: of several the one that holds longest."""
	found = [
		(until, silence.name, silence)
		for silence in silences
		if silence.covers(fingerprint, check, family) and (until := silence.until(now, zone))
	]
	return max(found, key=lambda each: each[:2])[2] if found else None


def check_silence(silence: Silence, now: datetime) -> None:
	"""Refuse a silence that nobody should make.

	Raises:
		UsageError: It has no reason, no target or no end, it ends before it begins, or it is too long.
	"""
	check_reason(silence.reason)
	if silence.scope is not Scope.SITE and not silence.target.strip():
		raise UsageError(
			_("It is not said what the silence is for."),
			remedy=_("Name the family, the check or the problem, or choose the whole site."),
		)
	if silence.ends <= silence.starts or silence.ends <= now:
		raise UsageError(
			_("The silence would be over before it begins, or is over already."),
			remedy=_("Choose an end in the future."),
		)
	longest = LONGEST if silence.repeat is Repeat.ONCE else LONGEST_REPEATED
	if silence.ends - silence.starts > longest:
		raise UsageError(
			_("A silence lasts at most {days} days.").format(days=longest.days),
			remedy=_("Choose an earlier end, and prolong it then if it is still needed."),
		)
	if silence.repeat is Repeat.WEEKLY and not silence.days:
		raise UsageError(_("A weekly window needs a day."), remedy=_("Name the days, such as Sat, Sun."))


def check_reason(reason: str) -> None:
	"""Refuse an empty reason.

	Raises:
		UsageError: It is too short to tell anybody anything.
	"""
	if len(reason.strip()) < SHORTEST_REASON:
		raise UsageError(
			_("It needs a reason that others understand later."),
			remedy=_("Say in a sentence why, and who knows more."),
		)


def check_snooze(until: datetime, now: datetime, severity: str) -> None:
	"""Refuse to let an incident sleep for too long, or until a moment that is past.

	Raises:
		UsageError: It is.
	"""
	longest = LONGEST_SNOOZE_OF_S1 if severity == "S1" else LONGEST_SNOOZE
	if until <= now:
		raise UsageError(_("That moment is past."), remedy=_("Choose one in the future."))
	if until - now > longest:
		hours = int(longest / timedelta(hours=1))
		raise UsageError(
			_("An {severity} is snoozed for at most {hours} hours.").format(severity=severity, hours=hours),
			remedy=_("Choose an earlier moment."),
		)


def parse_days(text: str) -> frozenset[int]:
	"""Read weekdays such as ``Sat, Sun``; Monday is 0.

	Raises:
		UsageError: One of them is no day.
	"""
	found = set()
	for word in text.replace(",", " ").split():
		name = word[:3].capitalize()
		if name not in WEEKDAYS:
			raise UsageError(
				_("{word} is no day of the week.").format(word=repr(word)),
				remedy=_("Write them as {days}.").format(days=", ".join(WEEKDAYS)),
			)
		found.add(WEEKDAYS.index(name))
	return frozenset(found)
