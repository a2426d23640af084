"""Durations as people write them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from recovery_console.core.durations import parse_duration
from recovery_console.core.errors import UsageError

WORKDAY = timedelta(hours=8)


@pytest.mark.parametrize(
	("text", "shown", "around_the_clock", "working"),
	[
		("15 min", "15 min", timedelta(minutes=15), timedelta(minutes=15)),
		("0 min", "0 min", timedelta(), timedelta()),
		(" 4h ", "4 h", timedelta(hours=4), timedelta(hours=4)),
		("1,5 hours", "1.5 h", timedelta(minutes=90), timedelta(minutes=90)),
		("1 Day", "1 day", timedelta(days=1), WORKDAY),
		("2 days", "2 days", timedelta(days=2), 2 * WORKDAY),
		("1 week", "1 week", timedelta(weeks=1), 5 * WORKDAY),
	],
)
def test_a_day_is_shorter_where_working_hours_count(
	text: str, shown: str, around_the_clock: timedelta, working: timedelta
) -> None:
	duration = parse_duration(text)
	assert str(duration) == shown
	assert parse_duration(str(duration)) == duration
	assert duration.around_the_clock == around_the_clock
	assert duration.within(WORKDAY, 5) == working


@pytest.mark.parametrize(
	"text", ["", "soon", "15", "-4 h", "4 fortnights", "4 h 30 min", "٤ h", "1e3 h", "367 days"]
)
def test_what_is_no_duration_is_refused_with_examples(text: str) -> None:
	with pytest.raises(UsageError) as refused:
		parse_duration(text)
	assert "15 min" in refused.value.remedy
