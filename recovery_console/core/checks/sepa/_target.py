"""The days on which SEPA collections are settled (TARGET), and the last day to hand one in."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

_ONE = timedelta(days=1)


@lru_cache(maxsize=16)
def _closed(year: int) -> frozenset[date]:
	import holidays  # takes long to load, and most sites need none

	return frozenset(holidays.financial_holidays("ECB", years=year))


def is_target_day(day: date) -> bool:
	"""Tell whether TARGET settles on this day: no weekend, and none of its six holidays."""
	return day.weekday() < 5 and day not in _closed(day.year)


def next_target_day(day: date) -> date:
	"""Return this day, or the next one on which TARGET settles."""
	while not is_target_day(day):
		day += _ONE
	return day


def target_days_before(day: date, days: int) -> date:
	"""Return the TARGET day that lies so many TARGET days before a day."""
	while days > 0:
		day -= _ONE
		days -= is_target_day(day)
	return day
