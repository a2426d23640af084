"""Figures of incidents, against examples that were worked out by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from recovery_console.core.figures import (
	Life,
	downtime,
	figures,
	open_each_day,
	period_of,
	recurring,
)
from recovery_console.core.times import UTC

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def life(name: str, began: datetime = MONDAY, severity: str = "S2", **given: Any) -> Life:
	"""An incident; moments may be given as durations since it began."""
	moments = {
		key: began + value if isinstance(value, timedelta) else value
		for key, value in given.items()
		if key in ("acknowledged", "mitigated", "resolved")
	}
	due = {clock: began + after for clock, after in given.pop("due", {}).items()}
	return Life(name, began, severity, **{**given, **moments}, due=due)


def only(*lives: Life) -> Any:
	(found,) = figures(lives, NOW, lambda _life: ())
	return found


def test_means_are_those_of_the_incidents_that_got_so_far() -> None:
	found = only(
		life("a", acknowledged=10 * MINUTE, mitigated=HOUR, resolved=2 * HOUR),
		life("b", acknowledged=30 * MINUTE, mitigated=3 * HOUR, resolved=4 * HOUR),
		life("c", acknowledged=20 * MINUTE),
	)
	assert (found.incidents, found.open) == (3, 1)
	assert found.to_acknowledge == 20 * MINUTE
	assert found.to_mitigate == 2 * HOUR
	assert found.to_resolve == 3 * HOUR


def test_who_resolves_at_once_has_brought_the_service_back_by_then() -> None:
	found = only(life("a", resolved=HOUR))
	assert (found.to_acknowledge, found.to_mitigate, found.to_resolve) == (None, HOUR, HOUR)


def test_half_are_resolved_in_a_time_that_one_long_one_does_not_move() -> None:
	found = only(*[life(str(hours), resolved=hours * HOUR) for hours in (1, 2, 99)])
	assert found.half_resolved == 2 * HOUR
	assert found.to_resolve == 34 * HOUR


def test_promised_times_are_kept_broken_or_not_to_be_judged_yet() -> None:
	due = {"acknowledge": HOUR, "mitigate": 4 * HOUR, "resolve": 60 * DAY}
	found = only(life("a", acknowledged=HOUR, mitigated=5 * HOUR, due=due))
	assert (found.kept, found.broken) == (1, 1)  # the third still runs
	assert found.kept_ratio == 0.5
	silent = only(life("b", due=due))
	assert (silent.kept, silent.broken) == (0, 2)  # nobody came, and both are past
	early = only(life("c", NOW - MINUTE, due={"acknowledge": HOUR}))
	assert early.kept_ratio is None


def test_a_breach_that_was_recorded_counts_whatever_the_times_say() -> None:
	found = only(
		life("a", acknowledged=MINUTE, due={"acknowledge": HOUR}, breached=frozenset({"acknowledge"}))
	)
	assert (found.kept, found.broken) == (0, 1)


def test_they_are_grouped_and_in_order() -> None:
	lives = [life("a", severity="S3"), life("b", severity="S1"), life("c", severity="S3")]
	found = figures(lives, NOW, lambda each: (each.severity,))
	assert [(row.group, row.incidents) for row in found] == [(("S1",), 1), (("S3",), 2)]
	assert figures([], NOW, lambda each: (each.severity,)) == []


@pytest.mark.parametrize(
	("every", "expected"), [("Month", "2027-01"), ("Week", "2026-W53"), ("Year", "2027"), ("", "2027-01")]
)
def test_periods_are_those_of_the_readers_time_zone(every: str, expected: str) -> None:
	assert period_of(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), every, AMSTERDAM) == expected


def test_what_comes_back_is_counted_with_its_reopenings() -> None:
	lives = [
		life("a", root="redis", title="old", resolved=HOUR),
		life("b", MONDAY + 2 * DAY, root="redis", resolved=2 * HOUR, seen=1),
		life("c", MONDAY + 6 * DAY, root="redis", title="new", family="jobs", resolved=3 * HOUR),
		life("d", root="mail", resolved=HOUR),
		life("e", root="disk", resolved=HOUR, seen=1),
	]
	redis, disk = recurring(lives, NOW)
	assert (redis.times, redis.incidents, redis.title, redis.family) == (4, ("a", "b", "c"), "new", "jobs")
	assert redis.between == 3 * DAY
	assert redis.lasted == 6 * HOUR
	assert (disk.root, disk.times, disk.between) == ("disk", 2, None)
	assert [problem.root for problem in recurring(lives, NOW, at_least=3)] == ["redis"]


def test_overlapping_downtime_counts_once_and_is_cut_at_the_month() -> None:
	october = datetime(2026, 10, 31, 22, 0, tzinfo=UTC)  # 23:00 in Amsterdam
	lives = [
		life("a", october, "S1", mitigated=3 * HOUR, resolved=9 * HOUR),
		life("b", october + HOUR, "S1", resolved=HOUR),
		life("c", october, "S2", resolved=DAY),
		life("d", NOW - HOUR, "S1"),
	]
	first, second = downtime(lives, datetime(2026, 10, 1, tzinfo=AMSTERDAM), NOW, AMSTERDAM)
	assert (first.month, first.down, first.incidents) == ("2026-10", HOUR, ("a",))
	assert first.of == 31 * DAY + HOUR  # clocks went back on the 25th
	assert (second.month, second.down) == ("2026-11", 2 * HOUR + HOUR)
	assert second.incidents == ("a", "b", "d")
	assert second.of == NOW - datetime(2026, 11, 1, tzinfo=AMSTERDAM)
	assert second.available == pytest.approx(1 - 3 / (21 * 24 + 13))


def test_months_without_downtime_are_there_too() -> None:
	found = downtime([], datetime(2025, 11, 15, tzinfo=UTC), NOW, AMSTERDAM)
	assert [month.month for month in found][:3] == ["2025-11", "2025-12", "2026-01"]
	assert len(found) == 13
	assert {month.available for month in found} == {1.0}
	assert found[0].of == datetime(2025, 12, 1, tzinfo=AMSTERDAM) - datetime(2025, 11, 15, tzinfo=UTC)


def test_open_incidents_are_counted_at_the_end_of_each_day() -> None:
	lives = [life("a", severity="S1", resolved=DAY), life("b", MONDAY + DAY, severity="S3")]
	days = [date(2026, 11, number) for number in (1, 2, 3, 4)]
	found = open_each_day(lives, days, AMSTERDAM, NOW)
	assert [(row["S1"], row["S3"]) for row in found] == [(0, 0), (1, 0), (0, 1), (0, 1)]
