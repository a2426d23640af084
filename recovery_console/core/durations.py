"""Durations as people write them in Recovery Settings: ``15 min``, ``4 h``, ``2 days``, ``1 week``."""

from __future__ import annotations

import re
from datetime import timedelta

from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.record import dataclass

_UNITS = {
	"min": ("min", "mins", "minute", "minutes", "m"),
	"h": ("h", "hour", "hours", "hr", "hrs"),
	"days": ("day", "days", "d"),
	"weeks": ("week", "weeks", "w"),
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words}
_LENGTH = {
	"min": timedelta(minutes=1),
	"h": timedelta(hours=1),
	"days": timedelta(days=1),
	"weeks": timedelta(weeks=1),
}
_WRITTEN = re.compile(r"(\d+(?:[.,]\d+)?)\s*([A-Za-z]+)\.?", re.ASCII)
#: Nothing that is due has longer than this.
_LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Duration:
	"""A length of time that keeps its unit: a day of working hours is shorter than one around the clock.

	Args:
		amount: How many of the unit, not negative.
		unit: ``min``, ``h``, ``days`` or ``weeks``.
	"""

	amount: float
	unit: str

	@property
	def around_the_clock(self) -> timedelta:
		"""How long it is when every hour counts."""
		return self.amount * _LENGTH[self.unit]

	def within(self, workday: timedelta, workdays: int) -> timedelta:
		"""Return how long it is when working hours only count.

		Args:
			workday: The working hours of a day.
			workdays: So many days of a week are worked.
		"""
		if self.unit == "days":
			return self.amount * workday
		if self.unit == "weeks":
			return self.amount * workdays * workday
		return self.around_the_clock

	def __str__(self) -> str:
		unit = self.unit[:-1] if self.amount == 1 and self.unit in ("days", "weeks") else self.unit
		return f"{self.amount:g} {unit}"


def parse_duration(text: str) -> Duration:
	"""Read a duration.

	Raises:
		UsageError: It is none, or a longer one than a year.
	"""
	written = _WRITTEN.fullmatch(text.strip())
	unit = _UNIT_OF.get(written[2].lower()) if written else None
	if written is None or unit is None:
		raise UsageError(
			_("“{text}” is no duration.").format(text=text.strip()[:40]),
			remedy=_("Write a number and a unit, such as 15 min, 4 h, 2 days or 1 week."),
		)
	duration = Duration(float(written[1].replace(",", ".")), unit)
	if duration.amount > _LONGEST / _LENGTH[unit]:
		raise UsageError(
			_("“{text}” is longer than a year.").format(text=text.strip()[:40]),
			remedy=_("Write a shorter time, such as 15 min, 4 h, 2 days or 1 week."),
		)
	return duration
