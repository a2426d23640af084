"""Moments and durations: aware UTC inside, the site's naive local time in its database."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

UTC = timezone.utc
#: What Frappe assumes where System Settings name no time zone.
DEFAULT_TIME_ZONE = "Asia/Kolkata"


def zone(name: str | None) -> tzinfo:
	"""Return a time zone by name; UTC where this machine does not know it."""
	try:
		return ZoneInfo(name or DEFAULT_TIME_ZONE)
	except (ZoneInfoNotFoundError, ValueError):
		return UTC


def moment(value: Any, local: tzinfo) -> datetime | None:
	"""Return a database value (naive local time, as a datetime, date or text) as an aware UTC datetime."""
	parsed = value
	if isinstance(value, str):
		try:
			parsed = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
		except ValueError:
			return None
	elif isinstance(value, date) and not isinstance(value, datetime):
		parsed = datetime(value.year, value.month, value.day)
	if not isinstance(parsed, datetime):
		return None
	return (parsed if parsed.tzinfo else parsed.replace(tzinfo=local)).astimezone(UTC)


def day(value: Any) -> date | None:
	"""Return a database value as a date."""
	if isinstance(value, datetime):
		return value.date()
	if isinstance(value, date):
		return value
	try:
		return date.fromisoformat(str(value)[:10])
	except ValueError:
		return None


def hours(duration: timedelta) -> float:
	"""Return a duration in hours, with one decimal."""
	return round(duration.total_seconds() / 3600, 1)


def minutes(duration: timedelta) -> float:
	"""Return a duration in minutes, with one decimal."""
	return round(duration.total_seconds() / 60, 1)


def in_words(duration: timedelta) -> str:
	"""Say how long a duration is, in the largest unit that fits: ``31 h``, ``12 min``."""
	seconds = duration.total_seconds()
	for unit, length in (("days", 86400), ("h", 3600), ("min", 60)):
		if seconds >= 2 * length:
			return f"{seconds / length:.0f} {unit}"
	return f"{seconds:.0f} s"
