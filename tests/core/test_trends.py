"""What a trend draws: days, their newest snapshots, and the numbers of these."""

from __future__ import annotations

from datetime import date, datetime

from recovery_console.core.registry import all_checks
from recovery_console.core.trends import MOST_POINTS, TRENDS, Trend, buckets, chart, chosen, span

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
	assert chosen(taken, days) == [("2026-11-20", "late"), ("2026-11-22", "today")]
	weeks = buckets(date(2026, 11, 9), TODAY, "Weekly")
	assert chosen([("old", datetime(2026, 11, 9, 1, 0)), *taken], weeks) == [
		("2026-11-15", "old"),
		("2026-11-22", "today"),
	]


def test_on_the_first_day_snapshots_are_drawn_one_by_one() -> None:
	taken = [("b", datetime(2026, 11, 22, 9, 0)), ("a", datetime(2026, 11, 22, 8, 0))]
	assert chosen(taken, buckets(date(2026, 10, 24), TODAY, "Daily")) == [
		("11-22 08:00", "a"),
		("11-22 09:00", "b"),
	]
	assert chosen([], buckets(date(2026, 10, 24), TODAY, "Daily")) == []


def test_a_line_without_a_number_is_left_out_and_a_gap_is_no_zero() -> None:
	trend = Trend("Jobs", {"a": "A", "b": "B"})
	days = [
		(f"2026-11-{day}", numbers) for day, numbers in ((19, {}), (20, {"a": 7}), (21, {}), (22, {"a": 0}))
	]
	assert chart(trend, days) == {
		"labels": ["2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22"],
		"datasets": [{"name": "A", "values": [7.0, 7.0, 7.0, 0.0]}],
	}


def test_where_nothing_is_known_there_is_no_chart_and_a_single_look_has_two_ends() -> None:
	trend = Trend("Jobs", {"a": "A", "b": "B"})
	assert chart(trend, []) == chart(trend, [("2026-11-22", {"a": None})]) == {}
	assert chart(trend, [("2026-11-22", {"b": 3})]) == {
		"labels": ["2026-11-22", "2026-11-22"],
		"datasets": [{"name": "B", "values": [3.0, 3.0]}],
	}


def test_every_measurement_belongs_to_a_check_that_there_is() -> None:
	named = {key.rpartition(".")[0] for trend in TRENDS.values() for key in trend.series if "." in key}
	assert named - set(all_checks()) == set()
