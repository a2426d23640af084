"""Trends of the snapshots and incidents, for charts of a dashboard."""

from datetime import date, datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, get_datetime, getdate, today

from recovery_console.core.figures import open_each_day
from recovery_console.core.times import UTC
from recovery_console.core.trends import TRENDS, Trend, buckets, chart, chosen, span
from recovery_console.in_site import figures


@frappe.whitelist(methods=["GET", "POST"])
def get(
	chart_name: str | None = None,
	filters: str | dict | None = None,
	from_date: str | None = None,
	to_date: str | None = None,
	timespan: str | None = None,
	time_interval: str | None = None,
	heatmap_year: str | int | None = None,  # noqa: ARG001 (Desk sends it)
	refresh: str | int | None = None,  # noqa: ARG001 (Desk sends it)
) -> dict[str, Any]:
	"""Return what a chart draws; nothing where nothing is known. Permission: read on Health Snapshot.

	Args:
		chart_name: The Dashboard Chart, whose span of time holds where none is given.
		filters: ``trend``: one of the trends.
		from_date: The first day, with the timespan *Select Date Range*.
		to_date: The last day.
		timespan: Such as *Last Month*.
		time_interval: Daily, Weekly or Monthly.
		heatmap_year: Not used.
		refresh: Not used: it is always read anew.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not read snapshots.
		frappe.ValidationError: HTTP 417. There is no such trend.
	"""
	frappe.has_permission("Health Snapshot", "read", throw=True)
	kept = _kept(chart_name)
	given = frappe.parse_json(filters or kept.get("filters_json")) or {}
	key = given.get("trend") or "health"
	if key not in TRENDS:
		frappe.throw(_("There is no trend {0}.").format(frappe.bold(frappe.utils.escape_html(str(key)))))
	first, last = _days(
		timespan or kept.get("timespan") or "",
		from_date or kept.get("from_date"),
		to_date or kept.get("to_date"),
	)
	spans = buckets(first, last, time_interval or kept.get("time_interval") or "Daily")
	points = _incidents(spans) if key == "open_incidents" else _snapshots(TRENDS[key], spans)
	trend = TRENDS[key]
	return chart(Trend(_(trend.title), {name: _(label) for name, label in trend.series.items()}), points)


def _kept(chart_name: str | None) -> dict[str, Any]:
	fields = ["filters_json", "timespan", "time_interval", "from_date", "to_date"]
	return (chart_name and frappe.db.get_value("Dashboard Chart", chart_name, fields, as_dict=True)) or {}


def _days(timespan: str, from_date: Any, to_date: Any) -> tuple[date, date]:
	if timespan == "Select Date Range" and from_date and to_date:
		return getdate(from_date), getdate(to_date)
	return span(timespan, getdate(today()))


def _snapshots(trend: Trend, spans: list[tuple[date, date]]) -> list[tuple[str, dict[str, Any]]]:
	if not spans:
		return []
	rows = frappe.get_all(
		"Health Snapshot",
		filters=[
			["started", ">=", get_datetime(spans[0][0])],
			["started", "<", get_datetime(add_days(spans[-1][1], 1))],
			["status", "not in", ["Running", "Failed"]],
		],
		fields=["name", "started"],
		limit_page_length=0,
	)
	drawn = chosen([(row.name, row.started) for row in rows], spans)
	numbers = figures.numbers_of([name for _label, name in drawn]) if drawn else {}
	return [(label, {key: numbers[name].get(key) for key in trend.series}) for label, name in drawn]


def _incidents(spans: list[tuple[date, date]]) -> list[tuple[str, dict[str, Any]]]:
	now = datetime.now(UTC)
	days = [end for _start, end in spans]
	return [
		(row["day"].isoformat(), row)
		for row in open_each_day(figures.lives(None), days, figures.site_zone(), now)
	]
