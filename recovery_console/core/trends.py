"""Trends over days: which numbers of snapshots are drawn, and what belongs to one day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from recovery_console.core.finding import _
from recovery_console.core.record import dataclass

#: So many points are drawn at most.
MOST_POINTS = 400
_ONE_BY_ONE = 48
_DAYS = {"Last Week": 7, "Last Month": 30, "Last Quarter": 90, "Last Year": 365, "All Time": 730}
_STEPS = {"Daily": 1, "Weekly": 7, "Monthly": 30, "Quarterly": 91, "Yearly": 365}


@dataclass(frozen=True)
class Trend:
	"""What one chart shows.

	Args:
		title: Its title.
		series: What its lines are called, by the number that each shows: ``<check>.<measurement>``, or a count of the
			snapshot itself.
	"""

	title: str
	series: Mapping[str, str]


TRENDS: Mapping[str, Trend] = {
	"health": Trend(
		_("What the snapshots found"),
		{
			"critical_count": _("Critical"),
			"warning_count": _("Warnings"),
			"unknown_count": _("Could not look"),
		},
	),
	"open_incidents": Trend(_("Open incidents"), {"S1": "S1", "S2": "S2", "S3": "S3", "S4": "S4"}),
	"failed_jobs": Trend(
		_("Jobs"), {"jobs.failed.failed": _("Failed"), "jobs.backlog.waiting": _("Waiting")}
	),
	"mails": Trend(
		_("Mails"),
		{
			"email.given_up.given_up": _("Given up"),
			"email.retrying.retrying": _("Tried again"),
			"email.stuck_sending.stuck": _("Stuck"),
			"email.starving.starving": _("Waiting for too long"),
		},
	),
	"errors": Trend(_("Errors per day"), {"errors.rate.errors_last_day": _("Errors")}),
	"response_time": Trend(
		_("Response time in seconds"),
		{
			"performance.requests.p50_seconds": _("Half of the requests"),
			"performance.requests.p95_seconds": _("19 of 20 requests"),
		},
	),
	"backups": Trend(_("Age of the newest backup in hours"), {"backups.age.newest_hours": _("Hours")}),
}


def span(timespan: str, today: date) -> tuple[date, date]:
	"""Return the first and the last day of a span such as ``Last Month``; that also where it is not known."""
	return today - timedelta(days=_DAYS.get(timespan, 30) - 1), today


def buckets(first: date, last: date, interval: str) -> list[tuple[date, date]]:
	"""Return spans of days that follow one another until the last day, at most `MOST_POINTS`; both days are in them.

	Args:
		first: The first day.
		last: The last day.
		interval: Daily, Weekly, Monthly, Quarterly or Yearly.
	"""
	step = _STEPS.get(interval, 1)
	found: list[tuple[date, date]] = []
	end = last
	while end >= first and len(found) < MOST_POINTS:
		found.append((max(first, end - timedelta(days=step - 1)), end))
		end -= timedelta(days=step)
	return found[::-1]


def chosen(
	taken: Iterable[tuple[str, datetime]], spans: Sequence[tuple[date, date]]
) -> list[tuple[str, str]]:
	"""Return which snapshots are drawn, each with its label: the newest of each span.

	Where there is one only, such as on the day after the console was installed, the latest are drawn one by one.

	Args:
		taken: Name and time of the snapshots, in the site's time.
		spans: Spans of days, in order.
	"""
	known = sorted(taken, key=lambda item: item[1])
	days = _newest_of_each(known, spans)
	if len(days) > 1:
		return [(day.isoformat(), name) for day, name in days]
	return [(f"{at:%m-%d %H:%M}", name) for name, at in known[-_ONE_BY_ONE:]]


def _newest_of_each(
	taken: Iterable[tuple[str, datetime]], spans: Sequence[tuple[date, date]]
) -> list[tuple[date, str]]:
	by_day: dict[date, tuple[datetime, str]] = {}
	for name, at in taken:
		known = by_day.get(at.date())
		if known is None or at > known[0]:
			by_day[at.date()] = (at, name)
	found = []
	for start, end in spans:
		days = [end - timedelta(days=back) for back in range((end - start).days + 1)]
		newest = next((by_day[day] for day in days if day in by_day), None)
		if newest is not None:
			found.append((end, newest[1]))
	return found


def chart(trend: Trend, points: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
	"""Return what a chart of Frappe draws, which knows no gaps.

	A line of which no number is known is left out. Where a check could not look, its line stays where it was: drawn as
	0 it would look well. Where no number at all is known there is no chart, and Desk says so; a single look is drawn
	twice, since a line needs two ends.

	Args:
		trend: What is shown.
		points: The numbers of each day or moment, by name.
	"""
	if not any(numbers.get(key) is not None for _label, numbers in points for key in trend.series):
		return {}
	if len(points) == 1:
		points = [*points, *points]
	return {
		"labels": [label for label, _numbers in points],
		"datasets": [
			{"name": label, "values": _without_gaps([numbers.get(key) for _label, numbers in points])}
			for key, label in trend.series.items()
			if any(numbers.get(key) is not None for _label, numbers in points)
		],
	}


def _without_gaps(values: Sequence[Any]) -> list[float]:
	last = next(float(value) for value in values if value is not None)
	found = []
	for value in values:
		last = last if value is None else float(value)
		found.append(round(last, 3))
	return found
