"""How long nothing worked in each month, and what that makes of availability."""

from datetime import datetime
from typing import Any

from frappe import _

from recovery_console.core.figures import Downtime, downtime
from recovery_console.core.times import UTC
from recovery_console.in_site.figures import between, lives, site_zone


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""Return columns, rows, message and chart. Permission: read on Incident."""
	given = filters or {}
	since, now = between(given.get("from_date"), None)[0], datetime.now(UTC)
	severities = ("S1", "S2") if given.get("severity") == "S2" else ("S1",)
	found = downtime(lives(None), since or now, now, site_zone(), severities)
	return _columns(), [_row(month) for month in reversed(found)], None, _chart(found)


def _row(month: Downtime) -> dict[str, Any]:
	return {
		"month": month.month,
		"down": round(month.down.total_seconds()),
		"available": round(100 * month.available, 3),
		"incidents": len(month.incidents),
		"names": ", ".join(month.incidents),
	}


def _columns() -> list[dict[str, Any]]:
	return [
		{"fieldname": "month", "label": _("Month"), "fieldtype": "Data", "width": 100},
		{"fieldname": "down", "label": _("Downtime"), "fieldtype": "Duration", "width": 150},
		{
			"fieldname": "available",
			"label": _("Available"),
			"fieldtype": "Percent",
			"width": 120,
			"precision": 3,
		},
		{"fieldname": "incidents", "label": _("Incidents"), "fieldtype": "Int", "width": 100},
		{"fieldname": "names", "label": _("Which"), "fieldtype": "Data", "width": 420},
	]


def _chart(found: list[Downtime]) -> dict[str, Any]:
	minutes = [round(month.down.total_seconds() / 60, 1) for month in found]
	return {
		"data": {
			"labels": [month.month for month in found],
			"datasets": [{"name": _("Downtime (min)"), "values": minutes}],
		},
		"type": "bar",
		"colors": ["#E24C4C"],
	}
