"""Problems that came back: how often, after how long, and how long they were there."""

from datetime import datetime
from typing import Any

from frappe import _
from frappe.utils import cint

from recovery_console.core.figures import recurring
from recovery_console.core.times import UTC
from recovery_console.in_site import local
from recovery_console.in_site.figures import between, lives


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""Return columns and rows. Permission: read on Incident."""
	given = filters or {}
	since, until = between(given.get("from_date"), given.get("to_date"))
	known = lives(since, until, family=given.get("family"))
	found = recurring(known, datetime.now(UTC), at_least=max(2, cint(given.get("at_least"))))
	rows = [
		{
			"title": problem.title,
			"family": problem.family,
			"times": problem.times,
			"incidents": len(problem.incidents),
			"first": local(problem.first),
			"last": local(problem.last),
			"between": round(problem.between.total_seconds()) if problem.between else None,
			"lasted": round(problem.lasted.total_seconds()),
			"latest": problem.incidents[-1],
		}
		for problem in found
	]
	return _columns(), rows


def _columns() -> list[dict[str, Any]]:
	def column(name: str, label: str, kind: str, width: int, **more: str) -> dict[str, Any]:
		return {"fieldname": name, "label": label, "fieldtype": kind, "width": width, **more}

	return [
		column("title", _("Problem"), "Data", 380),
		column("family", _("Family"), "Data", 110),
		column("times", _("Times"), "Int", 80),
		column("incidents", _("Incidents"), "Int", 100),
		column("first", _("First"), "Datetime", 160),
		column("last", _("Last"), "Datetime", 160),
		column("between", _("Comes Back After"), "Duration", 150),
		column("lasted", _("Lasted Altogether"), "Duration", 150),
		column("latest", _("Latest"), "Link", 170, options="Incident"),
	]
