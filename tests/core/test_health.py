"""The one word that strangers are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from recovery_console.core.allowance import MOST_ASKERS, Allowance
from recovery_console.core.health import STALE_AFTER, age_of, judge
from recovery_console.core.times import UTC

MINUTE = timedelta(minutes=1)
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
	("status", "word", "http_status"),
	[
		("OK", "ok", 200),
		("Info", "ok", 200),
		("Warning", "warning", 200),
		("Critical", "critical", 503),
		("Unknown", "unknown", 503),
		("Skipped", "unknown", 503),
		("Something Else", "unknown", 503),
	],
)
def test_a_fresh_snapshot_says_how_the_site_is(status: str, word: str, http_status: int) -> None:
	health = judge(status, MINUTE)
	assert (health.word.value, health.http_status) == (word, http_status)


def test_an_old_snapshot_says_nothing_however_good_it_was() -> None:
	assert judge("OK", STALE_AFTER).http_status == 200
	stale = judge("OK", STALE_AFTER + MINUTE)
	assert (stale.word.value, stale.http_status) == ("stale", 503)


def test_without_a_snapshot_nobody_knows() -> None:
	assert judge(None, None).word.value == "unknown"
	assert judge(None, None).http_status == 503


def test_each_asker_has_an_allowance_of_their_own() -> None:
	allowance = Allowance(2, MINUTE)
	assert [allowance.allows("a", NOW) for _ in range(3)] == [True, True, False]
	assert allowance.allows("b", NOW)


def test_the_next_window_begins_anew_and_so_does_a_clock_that_was_set_back() -> None:
	allowance = Allowance(1, MINUTE)
	assert allowance.allows("a", NOW)
	assert not allowance.allows("a", NOW + MINUTE / 2)
	assert allowance.allows("a", NOW + MINUTE)
	assert allowance.allows("a", NOW - timedelta(days=1))


def test_however_many_ask_the_memory_is_bounded() -> None:
	allowance = Allowance(1, MINUTE)
	for number in range(MOST_ASKERS + 10):
		allowance.allows(str(number), NOW)
	assert len(allowance._counts) <= MOST_ASKERS


@pytest.mark.parametrize(
	("started", "now", "minutes"),
	[
		("2026-11-22 10:00", "2026-11-22 09:30", 30),
		# Clocks go forward at 01:00 UTC: an hour of the clock is missing, and none of time.
		("2026-03-29 01:00", "2026-03-29 01:05", 65),
		# Clocks go back at 01:00 UTC: 02:00 came twice, and this was the second one.
		("2026-10-25 02:00", "2026-10-25 02:03", 63),
		# A clock that was set back makes nothing younger than new.
		("2026-11-22 11:00", "2026-11-22 09:30", 0),
	],
)
def test_no_snapshot_looks_old_because_clocks_changed(started: str, now: str, minutes: int) -> None:
	zone = ZoneInfo("Europe/Amsterdam")
	moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
	assert age_of(datetime.fromisoformat(started), zone, moment) == timedelta(minutes=minutes)
