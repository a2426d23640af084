"""Quiet hours and due digests, across the days on which clocks change."""

from __future__ import annotations

import itertools
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from recovery_console.core.notice_times import QuietHours, held_until, latest_period, moment_at
from recovery_console.core.times import UTC

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NIGHT = QuietHours(time(22), time(7), AMSTERDAM)


def utc(text: str) -> datetime:
	return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
	("now", "until"),
	[
		("2026-11-22 20:59", None),
		("2026-11-22 21:00", "2026-11-23 06:00"),  # 22:00 in Amsterdam
		("2026-11-23 05:59", "2026-11-23 06:00"),
		("2026-11-23 06:00", None),
		("2026-03-29 00:30", "2026-03-29 05:00"),  # the night that is an hour shorter
		("2026-03-29 04:59", "2026-03-29 05:00"),
		("2026-10-24 20:00", "2026-10-25 06:00"),  # and the one that is an hour longer
		("2026-10-25 01:30", "2026-10-25 06:00"),
	],
)
def test_a_night_ends_when_the_clocks_say_so(now: str, until: str | None) -> None:
	assert NIGHT.until(utc(now)) == (utc(until) if until else None)


def test_quiet_hours_may_lie_within_a_day_or_not_be_there() -> None:
	noon = QuietHours(time(12), time(13), AMSTERDAM)
	assert noon.until(utc("2026-11-22 11:30")) == utc("2026-11-22 12:00")
	assert noon.until(utc("2026-11-22 12:00")) is None
	for none in (
		QuietHours(None, time(7), UTC),
		QuietHours(time(7), None, UTC),
		QuietHours(time(7), time(7), UTC),
	):
		assert none.until(utc("2026-11-22 07:00")) is None


def test_quiet_hours_that_end_in_the_hour_that_comes_twice_end_once() -> None:
	short = QuietHours(time(1), time(2, 30), AMSTERDAM)
	assert short.until(utc("2026-10-25 00:29")) == utc("2026-10-25 00:30")
	assert short.until(utc("2026-10-25 01:10")) is None  # 02:10 for the second time


def test_quiet_hours_that_end_in_the_hour_that_is_skipped_end_all_the_same() -> None:
	short = QuietHours(time(1), time(2, 30), AMSTERDAM)
	assert short.until(utc("2026-03-29 00:59")) == utc("2026-03-29 01:30")
	assert short.until(utc("2026-03-29 01:30")) is None


@pytest.mark.parametrize(
	("severity", "held"), [("S1", False), ("S2", False), ("S3", True), ("S4", True), ("", True)]
)
def test_the_worst_is_told_at_any_hour(severity: str, held: bool) -> None:
	midnight = utc("2026-11-22 23:00")
	assert (held_until(severity, NIGHT, midnight) is not None) == held
	assert held_until(severity, NIGHT, midnight, ignores_quiet_hours=True) is None
	assert held_until(severity, NIGHT, utc("2026-11-22 12:00")) is None


def test_a_day_has_each_time_once() -> None:
	assert moment_at(date(2026, 10, 25), time(2, 30), AMSTERDAM) == utc("2026-10-25 00:30")
	assert moment_at(date(2026, 10, 25), time(2, 30, fold=1), AMSTERDAM) == utc("2026-10-25 00:30")
	assert moment_at(date(2026, 3, 29), time(2, 30), AMSTERDAM) == utc("2026-03-29 01:30")


def test_a_daily_digest_is_due_once_and_covers_what_came_since_the_last() -> None:
	period = latest_period("Daily", time(8), AMSTERDAM, utc("2026-11-22 07:00"))
	assert period is not None
	assert (period.since, period.until) == (utc("2026-11-21 07:00"), utc("2026-11-22 07:00"))
	assert latest_period("Daily", time(8), AMSTERDAM, utc("2026-11-22 22:00"), last=period.until) is None
	assert latest_period("Daily", time(8), AMSTERDAM, utc("2026-11-23 06:59"), last=period.until) is None
	following = latest_period("Daily", time(8), AMSTERDAM, utc("2026-11-23 07:00"), last=period.until)
	assert following is not None
	assert (following.since, following.until) == (period.until, utc("2026-11-23 07:00"))


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_digests_of_the_days_on_which_clocks_change_leave_nothing_out_and_come_once(
	day: str, hours: int
) -> None:
	last, found = None, []
	begin = utc(f"{day} 00:00") - timedelta(days=2)
	for quarter in range(5 * 96):  # a scheduler that looks every quarter of an hour
		period = latest_period(
			"Daily", time(2, 30), AMSTERDAM, begin + quarter * timedelta(minutes=15), last=last
		)
		if period is not None:
			found.append(period)
			last = period.until
	assert len(found) == 6
	assert all(one.until == two.since for one, two in itertools.pairwise(found))
	lengths = [period.until - period.since for period in found[1:]]
	assert sum(lengths, timedelta()) == found[-1].until - found[0].until
	assert {length / timedelta(hours=1) for length in lengths} == {24, hours}


def test_after_a_week_without_scheduler_one_digest_covers_it_all() -> None:
	last = utc("2026-11-12 07:00")
	period = latest_period("Daily", time(8), AMSTERDAM, utc("2026-11-19 15:00"), last=last)
	assert period is not None
	assert (period.since, period.until) == (last, utc("2026-11-19 07:00"))
	old = latest_period("Daily", time(8), AMSTERDAM, utc("2026-11-19 15:00"), last=utc("2025-01-01 07:00"))
	assert old is not None
	assert old.since == utc("2026-11-19 15:00") - timedelta(days=31)


@pytest.mark.parametrize("day", range(22, 29))
def test_a_weekly_digest_is_due_on_its_day_whatever_today_is(day: int) -> None:
	period = latest_period("Weekly", time(8), AMSTERDAM, utc(f"2026-11-{day} 12:00"), weekday="Wednesday")
	assert period is not None
	assert period.until.astimezone(AMSTERDAM).strftime("%A %H:%M") == "Wednesday 08:00"
	assert period.until <= utc(f"2026-11-{day} 12:00") < period.until + timedelta(days=7, hours=1)
	assert period.until - period.since == timedelta(days=7)
