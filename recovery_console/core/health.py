"""The one word that strangers are told of a site, and the status of HTTP that goes with it."""

from __future__ import annotations

import enum
from datetime import datetime, timedelta, tzinfo

from recovery_console.core.record import dataclass

#: A snapshot that is older says nothing about the site's present state.
STALE_AFTER = timedelta(hours=2)
_FINE = 200
_UNAVAILABLE = 503


class Word(str, enum.Enum):
	"""How a site is."""

	OK = "ok"
	WARNING = "warning"
	CRITICAL = "critical"
	UNKNOWN = "unknown"
	STALE = "stale"

	__str__ = str.__str__


@dataclass(frozen=True)
class Health:
	"""What the probe answers.

	Args:
		word: How the site is.
		http_status: 200 where nobody need be woken: ok and warning. 503 for what is critical, and for what nobody
			knows: unknown and stale.
	"""

	word: Word
	http_status: int


def age_of(started: datetime, zone: tzinfo, now: datetime) -> timedelta:
	"""Return how old a snapshot is, by a time that says nothing of summer and winter; never less than nothing.

	In the nights in which clocks change either way of counting may be an hour too long: the shorter one holds, so that no
	monitor is alarmed once a year because of that.

	Args:
		started: When it was taken, naive, in the site's time.
		zone: The site's time zone.
		now: The present moment, aware.
	"""
	by_the_clock = now.astimezone(zone).replace(tzinfo=None) - started
	passed = now - started.replace(tzinfo=zone)
	return max(timedelta(0), min(by_the_clock, passed))


def judge(status: str | None, age: timedelta | None, *, fresh: timedelta = STALE_AFTER) -> Health:
	"""Return the health of a site by its newest snapshot.

	Args:
		status: Status of the newest snapshot that came to its end; None where there is none.
		age: How old it is; None where there is none.
		fresh: An older one is stale.
	"""
	if status is None or age is None:
		return _health(Word.UNKNOWN)
	if age > fresh:
		return _health(Word.STALE)
	word = _WORDS.get(status.lower(), Word.UNKNOWN)
	return _health(word)


_WORDS = {
	"ok": Word.OK,
	"info": Word.OK,
	"warning": Word.WARNING,
	"critical": Word.CRITICAL,
}


def _health(word: Word) -> Health:
	return Health(word, _FINE if word in (Word.OK, Word.WARNING) else _UNAVAILABLE)
