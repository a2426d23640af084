"""What a trend draws: days, their newest snapshots, and the numbers of these."""

from __future__ import annotations

from datetime import date, datetime

from recovery_console.core.registry import all_checks
from recovery_console.core.trends import MOST_POINTS, TRENDS, Trend, buckets, chart, newest_of_each, span

TODAY = date(2026, 11, 22)


def test_spans_end_today() -> None:
	assert span("Last Week", TODAY) == (date(2026, 11, 16), TODAY)
	assert span("nonsense", TODAY) == span("Last Month", TODAY)


def test_buckets_follow_one_another_to_the_last_day() -> None:
	assert buckets(date(2026, 11, 20), TODAY, "Daily") == [(date(2026, 11, day),) * 2 for day in (20, 21, 22)]
	assert buckets(date(2026, 11, 10), TODAY, "Weekly") == [
		(date(2026, 11, 10), date(2026, 11, 15)),
		(date(2026, 11, 16), TODAY),
	]
	assert len(buckets(date(2020, 1, 1), TODAY, "Daily")) == MOST_POINTS
	assert buckets(TODAY, date(2026, 11, 1), "Daily") == []


def test_of_each_day_the_newest_snapshot_counts_and_days_without_one_are_left_out() -> None:
	taken = [
		("late", datetime(2026, 11, 20, 23, 0)),
		("early", datetime(2026, 11, 20, 1, 0)),
		("today", datetime(2026, 11, 22, 5, 0)),
	]
	days = buckets(date(2026, 11, 20), TODAY, "Daily")
	assert newest_of_each(taken, days) == [(date(2026, 11, 20), "late"), (TODAY, "today")]
	assert newest_of_each(taken, buckets(date(2026, 11, 16), TODAY, "Weekly")) == [(TODAY, "today")]


def test_a_line_without_a_number_is_left_out_and_a_gap_is_no_zero() -> None:
	trend = Trend("Jobs", {"a": "A", "b": "B"})
	days = [
		(date(2026, 11, day), numbers)
		for day, numbers in ((19, {}), (20, {"a": 7}), (21, {}), (22, {"a": 0}))
	]
	assert chart(trend, days) == {
		"labels": ["2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22"],
		"datasets": [{"name": "A", "values": [7.0, 7.0, 7.0, 0.0]}],
	}
	assert chart(trend, [])["datasets"] == []


def test_every_measurement_belongs_to_a_check_that_there_is() -> None:
	named = {key.rpartition(".")[0] for trend in TRENDS.values() for key in trend.series if "." in key}
	assert named - set(all_checks()) == set()
