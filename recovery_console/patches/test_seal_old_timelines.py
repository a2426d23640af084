"""What incidents had before they had sealed timelines, on a site."""

from datetime import datetime, timedelta

import frappe

from recovery_console.core.timeline import first_broken
from recovery_console.core.times import UTC
from recovery_console.in_site import clocks, incident_actions, timeline
from recovery_console.patches import seal_old_timelines
from recovery_console.testing import SiteTestCase

#: Columns that a table of rows of another document has, and kept.
COLUMNS = ("parent", "parenttype", "parentfield")


class TestSealOldTimelines(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		there = {column.name for column in frappe.db.get_table_columns_description(f"tab{timeline.DOCTYPE}")}
		for column in COLUMNS:
			if column not in there:
				frappe.db.sql_ddl(f"alter table `tab{timeline.DOCTYPE}` add column {column} varchar(140)")
				self.addCleanup(
					frappe.db.sql_ddl, f"alter table `tab{timeline.DOCTYPE}` drop column {column}"
				)
		self.incident = incident_actions.open_by_hand("it was there before", severity="S2")
		self.addCleanup(self.remove, "Incident", self.incident)
		frappe.db.delete(timeline.DOCTYPE, {"incident": self.incident})
		frappe.db.set_value("Incident", self.incident, {"lines": 0, "clocks": None, "next_due": None})

	def event(self, number: int, event: str, detail: str, at: datetime) -> None:
		table = frappe.qb.DocType(timeline.DOCTYPE)
		row = {
			"name": frappe.generate_hash(length=10),
			"parent": self.incident,
			"parenttype": "Incident",
			"idx": number,
			"at": at,
			"event": event,
			"detail": detail,
		}
		frappe.qb.into(table).columns(*row).insert(*row.values()).run()

	def test_old_events_are_lines_in_their_order(self) -> None:
		self.event(2, "Changed", "more of it", datetime(2026, 11, 21, 10))
		self.event(1, "Seen", "it is stuck", datetime(2026, 11, 20, 10))
		seal_old_timelines.execute()
		lines = timeline.read(self.incident)
		self.assertEqual(
			[(line.event, line.detail) for line in lines],
			[("Seen", "it is stuck"), ("Changed", "more of it")],
		)
		self.assertIsNone(first_broken(self.incident, lines))
		self.assertEqual(frappe.db.get_value("Incident", self.incident, "lines"), 2)
		seal_old_timelines.execute()
		self.assertEqual(len(timeline.read(self.incident)), 2, "doing so again adds nothing")

	def test_an_open_incident_without_clocks_is_timed_from_now(self) -> None:
		long_ago = datetime(2026, 1, 1)
		frappe.db.set_value("Incident", self.incident, {"first_seen": long_ago, "status": "Acknowledged"})
		seal_old_timelines.execute()
		doc = frappe.get_doc("Incident", self.incident)
		self.assertTrue(doc.next_due, "nobody would ever be called")
		known = clocks.of(doc)
		self.assertLess(datetime.now(UTC) - known.since, timedelta(minutes=5))
		self.assertIsNotNone(known.clock("acknowledge").ended)
		self.assertIsNone(known.clock("mitigate").breached, "nobody missed times that were not there")
