"""How fast incidents were answered, and whether in time: by period, severity, family or category."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from frappe import _

from recovery_console.core.figures import Figures, Life, figures, period_of
from recovery_console.core.times import UTC
from recovery_console.in_site.figures import between, lives, site_zone

_BY: dict[str, Callable[[Life], str]] = {
	"Severity": lambda life: life.severity,
	"Family": lambda life: life.family,
	"Category": lambda life: life.category,
}


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""Return columns, rows, message and chart. Permission: read on Incident."""
	given = filters or {}
	since, until = between(given.get("from_date"), given.get("to_date"))
	known = lives(since, until, severity=given.get("severity"), family=given.get("family"))
	found = figures(known, datetime.now(UTC), _grouping(given))
	rows = [_row(item) for item in found]
	return _columns(given.get("group_by") or "Period"), rows, None, _chart(found) if found else None


def _grouping(given: dict[str, Any]) -> Callable[[Life], tuple[str, ...]]:
	by = _BY.get(given.get("group_by"))
	if by is not None:
		return lambda life: (by(life),)
	zone = site_zone()
	return lambda life: (period_of(life.began, given.get("every") or "Month", zone),)


def _row(item: Figures) -> dict[str, Any]:
	return {
		"group": item.group[0] or _("Opened by hand"),
		"incidents": item.incidents,
		"open": item.open,
		"to_acknowledge": _seconds(item.to_acknowledge),
		"to_mitigate": _seconds(item.to_mitigate),
		"to_resolve": _seconds(item.to_resolve),
		"half_resolved": _seconds(item.half_resolved),
		"kept": item.kept,
		"broken": item.broken,
		"kept_percent": None if item.kept_ratio is None else round(100 * item.kept_ratio, 1),
	}


def _seconds(duration: timedelta | None) -> int | None:
	return None if duration is None else round(duration.total_seconds())


def _columns(group: str) -> list[dict[str, Any]]:
	def column(name: str, label: str, kind: str, width: int) -> dict[str, Any]:
		return {"fieldname": name, "label": label, "fieldtype": kind, "width": width}

	return [
		column("group", _(group), "Data", 140),
		column("incidents", _("Incidents"), "Int", 100),
		column("open", _("Open"), "Int", 80),
		column("to_acknowledge", _("Acknowledged In (MTTA)"), "Duration", 190),
		column("to_mitigate", _("Mitigated In (MTTM)"), "Duration", 180),
		column("to_resolve", _("Resolved In (MTTR)"), "Duration", 180),
		column("half_resolved", _("Half Resolved In"), "Duration", 150),
		column("kept", _("Times Kept"), "Int", 110),
		column("broken", _("Times Broken"), "Int", 120),
		column("kept_percent", _("Kept"), "Percent", 90),
	]


def _chart(found: list[Figures]) -> dict[str, Any]:
	def hours(duration: timedelta | None) -> float:
		return 0 if duration is None else round(duration.total_seconds() / 3600, 2)

	return {
		"data": {
			"labels": [item.group[0] or _("Opened by hand") for item in found],
			"datasets": [
				{
					"name": _("Acknowledged (h)"),
					"values": [hours(item.to_acknowledge) for item in found],
				},
				{"name": _("Mitigated (h)"), "values": [hours(item.to_mitigate) for item in found]},
				{"name": _("Resolved (h)"), "values": [hours(item.to_resolve) for item in found]},
			],
		},
		"type": "bar",
	}
