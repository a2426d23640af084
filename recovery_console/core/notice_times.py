"""When notices are held and digests are due: wall-clock times of the site, worked out as moments.

A day has each wall-clock time once here: what the clocks skip comes an hour later, what they repeat counts the
first time. So no night is without its morning, and no digest comes twice, when the clocks change.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

from recovery_console.core.record import dataclass
from recovery_console.core.times import UTC

DAY = timedelta(days=1)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class QuietHours:
	"""The hours in which only S1 and S2 are told.

	Args:
		begins: Wall-clock time; None where there are none.
		ends: Wall-clock time; earlier than ``begins`` when midnight lies between.
		zone: The site's.
	"""

	begins: time | None
	ends: time | None
	zone: tzinfo

	def until(self, now: datetime) -> datetime | None:
		"""Return when the quiet that reigns now is over; None when it is not quiet."""
		if self.begins is None or self.ends is None or self.begins == self.ends:
			return None
		today = now.astimezone(self.zone).date()
		for day in (today - DAY, today):
			begun = moment_at(day, self.begins, self.zone)
			over = moment_at(day if self.ends > self.begins else day + DAY, self.ends, self.zone)
			if begun <= now < over:
				return over
		return None


def moment_at(day: date, at: time, zone: tzinfo) -> datetime:
	"""Return the moment at which clocks of a zone show a time on a day: the first, where they show it twice."""
	return datetime.combine(day, at.replace(fold=0, tzinfo=None), tzinfo=zone).astimezone(UTC)


def held_until(
	severity: str, quiet: QuietHours, now: datetime, *, ignores_quiet_hours: bool = False
) -> datetime | None:
	"""Return until when a notice is held because of quiet hours; None when it is told at once."""
	if severity in ("S1", "S2") or ignores_quiet_hours:
		return None
	return quiet.until(now)


@dataclass(frozen=True)
class Period:
	"""What a digest is about.

	Args:
		name: ``Daily`` or ``Weekly``.
		since: Its beginning.
		until: Its end, which is when the digest is due.
	"""

	name: str
	since: datetime
	until: datetime


def latest_period(
	name: str, at: time, zone: tzinfo, now: datetime, *, weekday: str = "Monday", last: datetime | None = None
) -> Period | None:
	"""Return the digest that was due last; None when it has been written.

	It begins where the last one ended, so that nothing is left out when the scheduler did not run, but no more
	than a month ago.

	Args:
		name: ``Daily`` or ``Weekly``.
		at: Wall-clock time at which digests are due.
		zone: The site's.
		now: The present moment, aware.
		weekday: Day of the weekly one.
		last: End of the last one that was written.
	"""
	today = now.astimezone(zone).date()
	days = [today - DAY * back for back in range(16)]
	if name == "Weekly":
		days = [day for day in days if WEEKDAYS[day.weekday()] == weekday]
	due = [moment for day in days if (moment := moment_at(day, at, zone)) <= now]
	if last is not None and last >= due[0]:
		return None
	since = due[1] if last is None else max(last, now - 31 * DAY)
	return Period(name, since, due[0])
