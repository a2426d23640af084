"""When people work: hours of working days in the site's time zone, without its public holidays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.record import dataclass
from recovery_console.core.times import UTC

#: Names of working days as Recovery Settings take them, Monday first.
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
#: Where nobody works on so many days in a row, something is wrong with the settings.
_LONGEST_BREAK = 400


def no_holidays(year: int) -> frozenset[date]:  # noqa: ARG001 (the shape that all have)
	"""Return no day at all."""
	return frozenset()


@dataclass(frozen=True)
class BusinessHours:
	"""The hours in which people work.

	A working day counts by the hours that really pass in it: where clocks are changed within it, an hour more or less.

	Args:
		zone: Time zone of the site.
		days: Weekdays that are worked, Monday is 0. At least one.
		start: When a working day begins.
		end: When it ends, on the same day; midnight is the end of the day.
		holidays: Returns the public holidays of a year.
	"""

	zone: tzinfo
	days: frozenset[int] = frozenset(range(5))
	start: time = time(9)
	end: time = time(17)
	holidays: Callable[[int], frozenset[date]] = no_holidays

	@property
	def workday(self) -> timedelta:
		"""The working hours of a day on which no clock is changed."""
		day = date(2000, 1, 1)
		return datetime.combine(self._last_day(day), self.end) - datetime.combine(day, self.start)

	def add(self, since: datetime, worked: timedelta) -> datetime:
		"""Return the moment at which so much working time has passed since another."""
		left = worked
		for start, end in self._shifts(since):
			begin = max(start, since)
			if left <= end - begin:
				return begin + left
			left -= end - begin
		raise UsageError(
			_("No working day was found in {days} days.").format(days=_LONGEST_BREAK),
			remedy=_("Look at the working days and the public holidays in Recovery Settings."),
		)

	def between(self, since: datetime, until: datetime) -> timedelta:
		"""Return how much working time lies between two moments; nothing where the second is not later."""
		worked = timedelta()
		for start, end in self._shifts(since):
			if start >= until:
				break
			worked += max(min(end, until) - max(start, since), timedelta())
		return worked

	def _shifts(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
		"""Yield the working days that end after a moment, in UTC, until there is none for a very long time."""
		day = since.astimezone(self.zone).date()
		idle = 0
		while idle < _LONGEST_BREAK:
			start = self._moment(day, self.start)
			end = self._moment(self._last_day(day), self.end)
			if day.weekday() in self.days and day not in self.holidays(day.year):
				idle = 0
				if end > since:
					yield start, end
			idle += 1
			day += timedelta(days=1)

	def _last_day(self, day: date) -> date:
		return day + timedelta(days=1) if self.end == time() else day

	def _moment(self, day: date, at: time) -> datetime:
		return datetime.combine(day, at, self.zone).astimezone(UTC)


def parse_days(text: str) -> frozenset[int]:
	"""Read working days, such as ``Mon, Tue, Wed``.

	Raises:
		UsageError: There is none, or one that is no day.
	"""
	days = set()
	for name in text.replace(";", ",").split(","):
		if not name.strip():
			continue
		short = name.strip()[:3].capitalize()
		if short not in DAY_NAMES:
			raise UsageError(
				_("“{name}” is no day of the week.").format(name=name.strip()[:40]),
				remedy=_("Write the working days as Mon, Tue, Wed, Thu, Fri, Sat, Sun, with commas."),
			)
		days.add(DAY_NAMES.index(short))
	if not days:
		raise UsageError(
			_("There is no working day."),
			remedy=_("Write the working days as Mon, Tue, Wed, Thu, Fri, Sat, Sun, with commas."),
		)
	return frozenset(days)


def holidays_of(place: str) -> Callable[[int], frozenset[date]]:
	"""Return what tells the public holidays of a country, or of a part of it.

	Args:
		place: Two letters, such as ``NL``; with a part of it after a dash, such as ``DE-BY``. Empty: none.

	Raises:
		UsageError: Nothing is known about that place.
	"""
	code = place.strip().upper()
	if not code:
		return no_holidays

	def of_year(year: int) -> frozenset[date]:
		return _public_holidays(code, year)

	of_year(2026)
	return of_year


@lru_cache(maxsize=64)
def _public_holidays(code: str, year: int) -> frozenset[date]:
	import holidays  # takes long to load, and most sites need none

	country, _dash, part = code.partition("-")
	try:
		return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))
	except (NotImplementedError, KeyError) as error:
		raise UsageError(
			_("The public holidays of “{place}” are not known.").format(place=code[:40]),
			remedy=_("Write two letters, such as NL or DE, or with a part after a dash, such as DE-BY."),
		) from error
