"""The times of a site: the console's own, and what Recovery Settings say otherwise."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from recovery_console.core.errors import UsageError
from recovery_console.core.response import STEPS, TIMES, policy_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def test_a_site_that_says_nothing_has_the_times_of_the_console() -> None:
	policy = policy_of({}, AMSTERDAM)
	assert policy.times == TIMES
	assert policy.steps == STEPS
	assert (policy.hours.start, policy.hours.end, policy.hours.days) == (time(9), time(17), set(range(5)))
	assert policy.hours.holidays(2026) == frozenset()


def test_a_row_changes_what_it_says_and_leaves_the_rest() -> None:
	row = {"severity": "S3", "acknowledge": "2 h", "mitigate": "", "review": "5 days", "business_hours": 1}
	times = policy_of({"clocks": [row]}, AMSTERDAM).times
	assert (str(times["S3"].acknowledge), str(times["S3"].mitigate)) == ("2 h", "2 days")
	assert str(times["S3"].review) == "5 days"
	assert times["S3"].business_hours
	assert times["S1"] == TIMES["S1"]


def test_a_severity_counts_every_hour_where_its_row_says_so() -> None:
	times = policy_of({"clocks": [{"severity": "S4", "business_hours": 0}]}, AMSTERDAM).times
	assert not times["S4"].business_hours


@pytest.mark.parametrize(
	("start", "end"),
	[
		("08:30:00", "16:45:00"),
		(timedelta(hours=8, minutes=30), timedelta(hours=16, minutes=45)),
		(time(8, 30), time(16, 45)),
	],
)
def test_hours_are_read_in_each_shape_that_a_database_gives_them(start: Any, end: Any) -> None:
	settings = {
		"workdays": "Mon, Sat",
		"workday_start": start,
		"workday_end": end,
		"holidays_country": "NL",
	}
	hours = policy_of(settings, AMSTERDAM).hours
	assert (hours.start, hours.end, hours.days) == (time(8, 30), time(16, 45), {0, 5})
	assert date(2026, 12, 25) in hours.holidays(2026)


@pytest.mark.parametrize(
	("settings", "message"),
	[
		({"clocks": [{"severity": "S1", "acknowledge": "soon"}]}, "Row 1: “soon” is no duration"),
		({"clocks": [{"severity": "S1"}, {"severity": "S1"}]}, "Row 2: S1 is listed twice"),
		({"escalation": [{"severity": "S1", "tier": "E1", "after": "9"}]}, "Row 1: “9” is no duration"),
		(
			{"escalation": [{"severity": "S1", "tier": "E1", "after": "9 h"}] * 2},
			"Row 2: S1 E1 is listed twice",
		),
		(
			{
				"escalation": [
					{"severity": "S1", "tier": "E1", "after": "9 h"},
					{"severity": "S1", "tier": "E2", "after": "8 h"},
				]
			},
			"E2 is called before E1",
		),
		({"workdays": "Mon, Maandag"}, "no day of the week"),
		({"holidays_country": "Netherlands"}, "not known"),
		({"workday_start": "17:00:00", "workday_end": "09:00:00"}, "ends before it begins"),
		({"workday_start": "09:00:00", "workday_end": "09:00:00"}, "ends before it begins"),
	],
)
def test_what_makes_no_sense_is_refused_with_where_it_stands(settings: dict[str, Any], message: str) -> None:
	with pytest.raises(UsageError, match=message) as refused:
		policy_of(settings, AMSTERDAM)
	assert refused.value.remedy


def test_a_working_day_may_end_at_midnight() -> None:
	hours = policy_of({"workday_start": "00:00:00", "workday_end": "00:00:00"}, AMSTERDAM).hours
	assert hours.workday == timedelta(hours=24)
