"""When the console keeps quiet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from recovery_console.core.errors import UsageError
from recovery_console.core.silence import (
	LONGEST,
	LONGEST_REPEATED,
	LONGEST_SNOOZE,
	LONGEST_SNOOZE_OF_S1,
	Repeat,
	Scope,
	Silence,
	check_reason,
	check_silence,
	check_snooze,
	covering,
	parse_days,
)

UTC = timezone.utc
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # a Sunday, 05:00 in Berlin
SECOND = timedelta(seconds=1)
SILENCE = Silence(
	"SIL-1", Scope.FAMILY, "email", "the provider moves", NOW - timedelta(hours=1), NOW + timedelta(hours=1)
)


def berlin(*moment: int, fold: int = 0) -> datetime:
	return datetime(*moment, tzinfo=BERLIN, fold=fold)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
	("scope", "target", "covers"),
	[
		(Scope.SITE, "", True),
		(Scope.FAMILY, "email", True),
		(Scope.FAMILY, "jobs", False),
		(Scope.CHECK, "email.retrying", True),
		(Scope.CHECK, "email.retry", False),
		(Scope.PROBLEM, "email.retrying:a", True),
		(Scope.PROBLEM, "email.retrying", False),
	],
)
def test_what_a_silence_covers(scope: Scope, target: str, covers: bool) -> None:
	silence = replace(SILENCE, scope=scope, target=target)
	assert silence.covers("email.retrying:a", "email.retrying", "email") is covers


def test_a_silence_of_everything_may_leave_checks_out() -> None:
	silence = replace(SILENCE, scope=Scope.SITE, besides=frozenset({"scheduler.maintenance"}))
	assert silence.covers("jobs.workers", "jobs.workers", "jobs")
	assert not silence.covers("scheduler.maintenance", "scheduler.maintenance", "scheduler")


@pytest.mark.parametrize(
	("at", "holds"),
	[
		(SILENCE.starts - SECOND, False),
		(SILENCE.starts, True),
		(SILENCE.ends - SECOND, True),
		(SILENCE.ends, False),
	],
)
def test_it_holds_from_its_first_moment_and_not_at_its_last(at: datetime, holds: bool) -> None:
	assert SILENCE.holds(at, UTC) is holds
	assert SILENCE.until(at, UTC) == (SILENCE.ends if holds else None)


def window(begin: time, end: time, **more: Any) -> Silence:
	found = replace(
		SILENCE,
		starts=berlin(2026, 1, 1),
		ends=berlin(2026, 12, 31),
		repeat=Repeat.DAILY,
		window=(begin, end),
	)
	return replace(found, **more)


@pytest.mark.parametrize(
	("hour", "minute", "holds"), [(1, 59, False), (2, 0, True), (2, 59, True), (3, 0, False)]
)
def test_a_daily_window_goes_by_the_clock_of_the_site(hour: int, minute: int, holds: bool) -> None:
	nightly = window(time(2), time(3))
	for month in (1, 7):  # winter and summer
		assert nightly.holds(berlin(2026, month, 15, hour, minute).astimezone(UTC), BERLIN) is holds


def test_a_window_past_midnight() -> None:
	nightly = window(time(22), time(2))
	held = {hour for hour in range(24) if nightly.holds(berlin(2026, 6, 10, hour), BERLIN)}
	assert held == {22, 23, 0, 1}
	assert nightly.until(berlin(2026, 6, 10, 23), BERLIN) == berlin(2026, 6, 11, 2)
	assert nightly.until(berlin(2026, 6, 10, 1), BERLIN) == berlin(2026, 6, 10, 2)


def test_a_window_that_ends_when_it_begins_lasts_the_whole_day() -> None:
	whole = window(time(6), time(6))
	assert all(whole.holds(berlin(2026, 6, 10, hour), BERLIN) for hour in range(24))


def test_a_weekly_window_belongs_to_the_day_on_which_it_begins() -> None:
	saturdays = window(time(22), time(2), repeat=Repeat.WEEKLY, days=frozenset({5}))
	assert saturdays.holds(berlin(2026, 11, 21, 23), BERLIN)  # Saturday night
	assert saturdays.holds(berlin(2026, 11, 22, 1), BERLIN)  # what is left of it on Sunday
	assert not saturdays.holds(berlin(2026, 11, 21, 1), BERLIN)  # the night before was a Friday
	assert not saturdays.holds(berlin(2026, 11, 22, 23), BERLIN)


def test_a_window_ends_with_the_silence() -> None:
	last = window(time(2), time(4), ends=berlin(2026, 6, 10, 3))
	assert last.until(berlin(2026, 6, 10, 2, 30), BERLIN) == berlin(2026, 6, 10, 3)
	assert not last.holds(berlin(2026, 6, 10, 3), BERLIN)


def test_the_hour_that_does_not_exist_in_spring_is_not_waited_for() -> None:
	nightly = window(time(1), time(3))
	before, after = datetime(2026, 3, 29, 0, 59, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
	assert nightly.holds(before, BERLIN)  # 01:59
	assert not nightly.holds(after, BERLIN)  # a second later it is 03:00


def test_the_hour_that_comes_twice_in_autumn_is_covered_twice() -> None:
	nightly = window(time(2), time(3))
	for fold in (0, 1):
		assert nightly.holds(berlin(2026, 10, 25, 2, 30, fold=fold).astimezone(UTC), BERLIN)
	assert not nightly.holds(berlin(2026, 10, 25, 3).astimezone(UTC), BERLIN)


def test_of_several_the_one_that_holds_longest_is_named() -> None:
	longer = replace(SILENCE, name="SIL-2", ends=SILENCE.ends + SECOND)
	elsewhere = replace(longer, name="SIL-3", target="jobs", ends=SILENCE.ends + 2 * SECOND)
	for silences in ([SILENCE, longer, elsewhere], [elsewhere, longer, SILENCE]):
		assert covering(silences, "email.x", "email.x", "email", NOW, UTC) == longer
	assert covering([SILENCE], "jobs.x", "jobs.x", "jobs", NOW, UTC) is None
	assert covering([], "jobs.x", "jobs.x", "jobs", NOW, UTC) is None


@pytest.mark.parametrize(
	("change", "said"),
	[
		({"reason": "  x  "}, "needs a reason"),
		({"target": " "}, "not said what the silence is for"),
		({"ends": SILENCE.starts}, "over before it begins"),
		({"ends": NOW}, "over before it begins"),
		({"ends": SILENCE.starts + LONGEST + SECOND}, "at most 31 days"),
		(
			{"repeat": Repeat.DAILY, "ends": SILENCE.starts + LONGEST_REPEATED + SECOND},
			"at most 366 days",
		),
		({"repeat": Repeat.WEEKLY}, "needs a day"),
	],
)
def test_a_silence_that_nobody_should_make_is_refused(change: dict[str, Any], said: str) -> None:
	with pytest.raises(UsageError, match=said):
		check_silence(replace(SILENCE, **change), NOW)


@pytest.mark.parametrize(
	"change",
	[
		{},
		{"scope": Scope.SITE, "target": ""},
		{"ends": SILENCE.starts + LONGEST},
		{"repeat": Repeat.DAILY, "ends": SILENCE.starts + LONGEST_REPEATED},
		{"repeat": Repeat.WEEKLY, "days": frozenset({6})},
	],
)
def test_a_sensible_silence_is_taken(change: dict[str, Any]) -> None:
	check_silence(replace(SILENCE, **change), NOW)


def test_a_reason_says_something() -> None:
	check_reason("moved")
	with pytest.raises(UsageError):
		check_reason("    ok ")


@pytest.mark.parametrize(("severity", "longest"), [("S1", LONGEST_SNOOZE_OF_S1), ("S2", LONGEST_SNOOZE)])
def test_how_long_an_incident_may_sleep(severity: str, longest: timedelta) -> None:
	check_snooze(NOW + longest, NOW, severity)
	with pytest.raises(UsageError, match="at most"):
		check_snooze(NOW + longest + SECOND, NOW, severity)
	with pytest.raises(UsageError, match="past"):
		check_snooze(NOW, NOW, severity)


def test_days_are_read_as_people_write_them() -> None:
	assert parse_days("Sat, sunday MON") == frozenset({5, 6, 0})
	assert parse_days("") == frozenset()
	with pytest.raises(UsageError, match="'Caturday' is no day"):
		parse_days("Caturday")
