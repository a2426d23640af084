"""Incidents had a table of events before they had sealed timelines, and no clocks: what they have is taken over."""

from datetime import datetime
from typing import Any

import frappe

from recovery_console.core.timeline import EventKind
from recovery_console.core.times import UTC
from recovery_console.in_site import clocks, timeline, utc

_OVER = ["Resolved", "Closed"]


def execute() -> None:
	"""Make lines of timelines of the old events, and start the clocks of open incidents that have none."""
	for incident in _with_old_events():
		_take_over(incident)
		frappe.db.commit()
	for name in frappe.get_all(
		"Incident", filters={"status": ("not in", _OVER), "clocks": ("is", "not set")}, pluck="name"
	):
		_start_clocks(name, datetime.now(UTC))
	frappe.db.commit()


def _with_old_events() -> list[str]:
	"""Return the incidents whose events lie in columns that only tables of other documents have."""
	columns = frappe.db.get_table_columns_description(f"tab{timeline.DOCTYPE}")
	if "parenttype" not in {column.name for column in columns}:
		return []
	events = frappe.qb.DocType(timeline.DOCTYPE)
	query = frappe.qb.from_(events).select(events.parent).distinct()
	return [parent for (parent,) in query.where(events.parenttype == timeline.INCIDENT).run()]


def _take_over(incident: str) -> None:
	"""Make each old event a line, in their order; those of an incident that is gone tell nothing any more."""
	events = frappe.qb.DocType(timeline.DOCTYPE)
	old = (events.parenttype == timeline.INCIDENT) & (events.parent == incident)
	if frappe.db.exists(timeline.INCIDENT, incident):
		query = frappe.qb.from_(events).select(events.at, events.event, events.detail, events.snapshot)
		for row in query.where(old).orderby(events.idx).run(as_dict=True):
			_add(incident, row)
	frappe.qb.from_(events).delete().where(old).run()


def _add(incident: str, row: Any) -> None:
	kinds = {kind.value for kind in EventKind}
	kind = EventKind(row.event) if row.event in kinds else EventKind.NOTE
	timeline.add(incident, kind, row.detail or "", at=utc(row.at), snapshot=row.snapshot or "")


def _start_clocks(name: str, now: datetime) -> None:
	"""Start the clocks now: nobody could keep times that were not there, and nobody is called for having missed them."""
	doc = frappe.get_doc("Incident", name)
	clocks.started(doc, now)
	clocks.status_changed(doc, "Detected", now)
	doc.db_set(
		{field: doc.get(field) for field in clocks.fields_of(clocks.of(doc), doc)}, update_modified=False
	)
