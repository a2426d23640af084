"""Times: naive and local in the database, aware and UTC inside."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from recovery_console.core.site import open_site
from recovery_console.core.times import UTC, day, hours, in_words, minutes, moment, zone
from tests.support.sample import SampleSite

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
	("value", "expected"),
	[
		(datetime(2026, 7, 1, 12), datetime(2026, 7, 1, 10, tzinfo=UTC)),
		(datetime(2026, 1, 1, 12), datetime(2026, 1, 1, 11, tzinfo=UTC)),
		("2026-01-01 12:00:00.000001", datetime(2026, 1, 1, 11, 0, 0, 1, tzinfo=UTC)),
		(" 2026-01-01 12:00:00 ", datetime(2026, 1, 1, 11, tzinfo=UTC)),
		("2026-01-01T12:00:00Z", datetime(2026, 1, 1, 12, tzinfo=UTC)),
		("2026-01-01T12:00:00+02:00", datetime(2026, 1, 1, 10, tzinfo=UTC)),
		("2026-01-01", datetime(2025, 12, 31, 23, tzinfo=UTC)),
		(date(2026, 1, 1), datetime(2025, 12, 31, 23, tzinfo=UTC)),
		(datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=5))), datetime(2026, 1, 1, 7, tzinfo=UTC)),
		# The hour that winter time repeats: its first pass is taken.
		(datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
		# The hour that summer time leaves out.
		(datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
		("", None),
		("yesterday", None),
		("0000-00-00 00:00:00", None),
		(None, None),
		(20260101, None),
	],
)
def test_a_database_time_becomes_a_moment(value: Any, expected: datetime | None) -> None:
	assert moment(value, AMSTERDAM) == expected


@pytest.mark.parametrize(
	("value", "expected"),
	[
		(date(2026, 1, 2), date(2026, 1, 2)),
		(datetime(2026, 1, 2, 23, 59), date(2026, 1, 2)),
		("2026-01-02", date(2026, 1, 2)),
		("2026-01-02 10:00:00", date(2026, 1, 2)),
		("2.1.2026", None),
		("", None),
		(None, None),
	],
)
def test_a_database_value_becomes_a_day(value: Any, expected: date | None) -> None:
	assert day(value) == expected


@pytest.mark.parametrize(
	("name", "offset"),
	[("Europe/Amsterdam", 1), (None, 5.5), ("", 5.5), ("Nowhere/At-All", 0), ("../etc/x", 0)],
)
def test_a_zone_that_is_unknown_here_is_utc(name: str | None, offset: float) -> None:
	assert zone(name).utcoffset(datetime(2026, 1, 1)) == timedelta(hours=offset)


@pytest.mark.parametrize(
	("duration", "expected"),
	[
		(timedelta(0), "0 s"),
		(timedelta(seconds=119), "119 s"),
		(timedelta(minutes=2), "2 min"),
		(timedelta(minutes=119), "119 min"),
		(timedelta(hours=2), "2 h"),
		(timedelta(hours=47), "47 h"),
		(timedelta(days=2), "2 days"),
		(timedelta(days=400), "400 days"),
	],
)
def test_a_duration_in_words(duration: timedelta, expected: str) -> None:
	assert in_words(duration) == expected


def test_durations_as_numbers() -> None:
	assert hours(timedelta(minutes=93)) == 1.6
	assert minutes(timedelta(seconds=93)) == 1.6


class TestOfASite:
	"""A site speaks its own zone; the console's clock is the one that was given."""

	def test_ages_agree_with_what_the_database_holds(self, any_site: SampleSite) -> None:
		name = any_site.insert("Error Log", method="x", creation=any_site.hours_ago(3))
		now = any_site.bench.now
		with open_site(any_site.bench.folder, any_site.name, clock=lambda: now) as opened:
			t_row = opened.db.sql(f"SELECT creation FROM {_quoted(any_site)} WHERE name = '{name}'")[0]
			assert opened.time_zone == AMSTERDAM
			assert opened.age(t_row["creation"]) == timedelta(hours=3)
			assert opened.ago(timedelta(hours=3)) == any_site.hours_ago(3)
			assert opened.db_time(now).tzinfo is None
			assert opened.age(None) is None

	def test_a_clock_that_jumps_gives_negative_ages_and_no_error(self, site: SampleSite) -> None:
		early = site.bench.now - timedelta(days=3)
		with open_site(site.bench.folder, site.name, clock=lambda: early) as opened:
			assert opened.age(site.now) == timedelta(days=-3)


def _quoted(site: SampleSite) -> str:
	return "`tabError Log`" if site.database.dialect == "mariadb" else '"tabError Log"'
