"""Working hours in a site's time zone, over weekends, public holidays and both changes of the clocks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from recovery_console.core.business_hours import BusinessHours, holidays_of, parse_days
from recovery_console.core.errors import UsageError

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
HOURS = timedelta(hours=1)
OFFICE = BusinessHours(AMSTERDAM, holidays=holidays_of("NL"))
ALWAYS = BusinessHours(AMSTERDAM, frozenset(range(7)), time(0), time(0))


def at(text: str) -> datetime:
	"""Return a moment of Amsterdam's clocks in UTC."""
	return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(timezone.utc)


@pytest.mark.parametrize(
	("since", "worked", "until"),
	[
		("2026-11-18 10:00", 4, "2026-11-18 14:00"),
		("2026-11-18 15:00", 4, "2026-11-19 11:00"),
		("2026-11-18 13:00", 4, "2026-11-18 17:00"),
		("2026-11-18 20:00", 8, "2026-11-19 17:00"),
		("2026-11-20 16:00", 4, "2026-11-23 12:00"),  # over a weekend
		("2026-11-21 11:00", 1, "2026-11-23 10:00"),  # begun in it
		("2026-11-21 11:00", 0, "2026-11-23 09:00"),
		("2026-12-24 16:00", 2, "2026-12-28 10:00"),  # both days of Christmas, and a weekend
		("2026-12-31 16:00", 2, "2027-01-04 10:00"),  # into another year
		("2026-03-27 16:00", 4, "2026-03-30 12:00"),  # clocks go forward on Sunday
		("2026-10-23 16:00", 4, "2026-10-26 12:00"),  # and back
	],
)
def test_working_hours_pass_on_working_days_only(since: str, worked: int, until: str) -> None:
	assert OFFICE.add(at(since), worked * HOURS) == at(until)
	assert OFFICE.between(at(since), at(until)) == worked * HOURS


@pytest.mark.parametrize(
	("since", "worked", "until"),
	[
		("2026-03-28 22:00", 8, "2026-03-29 07:00"),  # an hour of that night does not exist
		("2026-10-24 22:00", 8, "2026-10-25 05:00"),  # an hour of that night comes twice
		("2026-03-29 00:00", 23, "2026-03-30 00:00"),
		("2026-10-25 00:00", 25, "2026-10-26 00:00"),
	],
)
def test_an_hour_of_work_is_an_hour_that_really_passes(since: str, worked: int, until: str) -> None:
	assert ALWAYS.add(at(since), worked * HOURS) == at(until)
	assert ALWAYS.between(at(since), at(until)) == worked * HOURS


def test_there_is_no_work_between_a_moment_and_an_earlier_one() -> None:
	assert OFFICE.between(at("2026-11-19 12:00"), at("2026-11-18 12:00")) == timedelta()
	assert OFFICE.between(at("2026-11-21 12:00"), at("2026-11-22 12:00")) == timedelta()


def test_a_day_that_ends_at_midnight_is_worked_to_its_end() -> None:
	assert ALWAYS.workday == timedelta(hours=24)
	late = BusinessHours(AMSTERDAM, start=time(18), end=time(0))
	assert late.workday == timedelta(hours=6)
	assert late.add(at("2026-11-18 23:00"), 2 * HOURS) == at("2026-11-19 19:00")


def test_where_nobody_ever_works_it_says_so_instead_of_looking_for_ever() -> None:
	every_day = {date(2026, 1, 1) + timedelta(days=number) for number in range(800)}
	closed = BusinessHours(AMSTERDAM, holidays=lambda year: frozenset(d for d in every_day if d.year == year))
	with pytest.raises(UsageError, match="No working day"):
		closed.add(at("2026-01-01 12:00"), HOURS)


def test_days_are_read_by_their_first_letters() -> None:
	assert parse_days("Mon, tuesday; WED") == {0, 1, 2}
	for text in ("", " , ", "Mon, Maandag"):
		with pytest.raises(UsageError, match="day"):
			parse_days(text)


def test_holidays_are_those_of_the_country_or_of_a_part_of_it() -> None:
	assert date(2026, 4, 27) in holidays_of("nl")(2026)
	assert date(2026, 1, 6) in holidays_of("DE-BY")(2026)
	assert date(2026, 1, 6) not in holidays_of("DE")(2026)
	assert holidays_of("")(2026) == frozenset()
	for place in ("XX", "NL-QQ", "Netherland", "-"):
		with pytest.raises(UsageError, match="not known"):
			holidays_of(place)
