"""Reports and trends of incidents, on a site."""

import json
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.desk.query_report import run
from frappe.utils import add_days, now_datetime

from recovery_console.core.times import UTC
from recovery_console.in_site import incident_actions, snapshots
from recovery_console.recovery.dashboard_chart_source.recovery_trend.recovery_trend import get
from recovery_console.testing import SiteTestCase

REPORTS = ("Incident Figures", "Recurring Problems", "Downtime per Month")
#: Long before anything else that a test site holds.
THEN = datetime(2001, 3, 5, 10, 0, tzinfo=UTC)


class TestFigures(SiteTestCase):
	def incident(
		self, began: datetime = THEN, severity: str = "S1", title: str = "", **moments: timedelta
	) -> str:
		title = title or f"A test {frappe.generate_hash(length=8)}"
		name = incident_actions.open_by_hand(title, severity=severity, actor="test", now=began)
		for status, after in moments.items():
			incident_actions.set_status(
				name, status.capitalize(), actor="test", note="a test", now=began + after
			)
		return name

	def report(self, name: str, **filters: Any) -> list[dict[str, Any]]:
		filters = {"from_date": "2001-01-01", "to_date": "2001-12-31", **filters}
		found = run(name, filters=json.dumps(filters), ignore_prepared_report=True)
		return [row for row in found["result"] if isinstance(row, dict)]

	def test_how_fast_an_incident_was_answered(self) -> None:
		self.incident(
			acknowledged=timedelta(minutes=10), mitigated=timedelta(hours=1), resolved=timedelta(hours=9)
		)
		self.incident(acknowledged=timedelta(minutes=30), resolved=timedelta(hours=3))
		(row,) = self.report("Incident Figures", every="Month")
		self.assertEqual((row["group"], row["incidents"], row["open"]), ("2001-03", 2, 0))
		self.assertEqual(
			(row["to_acknowledge"], row["to_mitigate"], row["to_resolve"]), (20 * 60, 2 * 3600, 6 * 3600)
		)
		self.assertEqual(row["kept"] + row["broken"], 6)
		(row,) = self.report("Incident Figures", group_by="Severity", severity="S1")
		self.assertEqual((row["group"], row["incidents"]), ("S1", 2))
		self.assertEqual(self.report("Incident Figures", severity="S4"), [])

	def test_what_lies_beneath_another_incident_is_not_counted(self) -> None:
		parent, child = self.incident(), self.incident()
		frappe.db.set_value("Incident", child, "parent_incident", parent)
		(row,) = self.report("Incident Figures")
		self.assertEqual(row["incidents"], 1)

	def test_what_came_back(self) -> None:
		first = self.incident(title="The printer is down", resolved=timedelta(hours=1))
		second = self.incident(
			THEN + timedelta(days=4), title="The printer is down", resolved=timedelta(hours=2)
		)
		self.incident(title="Something else", resolved=timedelta(hours=1))
		self.assertNotEqual(first, second)
		(row,) = self.report("Recurring Problems")
		self.assertEqual((row["times"], row["latest"]), (2, second))
		self.assertEqual((row["between"], row["lasted"]), (4 * 86400, 3 * 3600))

	def test_how_long_nothing_worked(self) -> None:
		name = self.incident(mitigated=timedelta(hours=2), resolved=timedelta(hours=9))
		self.incident(severity="S2", resolved=timedelta(hours=9))
		march = next(row for row in self.report("Downtime per Month") if row["month"] == "2001-03")
		self.assertEqual((march["down"], march["names"]), (2 * 3600, name))
		march = next(
			row for row in self.report("Downtime per Month", severity="S2") if row["month"] == "2001-03"
		)
		self.assertEqual(march["down"], 9 * 3600)

	def test_trends_follow_snapshots_and_incidents(self) -> None:
		doc = frappe.new_doc(snapshots.DOCTYPE)
		doc.update(
			{
				"status": "Critical",
				"title": "a test",
				"started": "2001-03-05 12:00:00",
				"critical_count": 3,
				"measurements": json.dumps({"jobs.failed.failed": 7}),
			}
		)
		doc.insert(ignore_permissions=True)
		self.incident()
		days = {"timespan": "Select Date Range", "from_date": "2001-03-04", "to_date": "2001-03-06"}
		health = get(filters={"trend": "health"}, **days)
		self.assertEqual(health["labels"], ["03-05 12:00"] * 2)
		self.assertEqual(health["datasets"][0]["values"], [3.0, 3.0])
		jobs = get(filters={"trend": "failed_jobs"}, **days)
		self.assertEqual([line["values"] for line in jobs["datasets"]], [[7.0, 7.0]])
		opened = get(filters={"trend": "open_incidents"}, **days)
		self.assertEqual(opened["labels"], ["2001-03-04", "2001-03-05", "2001-03-06"])
		self.assertEqual(opened["datasets"][0]["values"], [0.0, 1.0, 1.0])
		with self.assertRaisesRegex(frappe.ValidationError, "no trend"):
			get(filters={"trend": "<b>"})

	def test_every_chart_of_the_dashboard_answers_an_operator(self) -> None:
		self.act_as(self.user_with("Recovery Operator"))
		dashboard = frappe.get_doc("Dashboard", "Recovery")
		self.assertEqual(len(dashboard.charts), 7)
		for row in dashboard.charts:
			chart = frappe.get_doc("Dashboard Chart", row.chart)
			self.assertTrue(chart.has_permission("read"), row.chart)
			drawn = get(chart_name=row.chart, filters=chart.filters_json)
			self.assertIn(set(drawn), ({"labels", "datasets"}, set()), row.chart)

	def test_an_operator_may_read_them_and_mallory_may_not(self) -> None:
		self.act_as(self.user_with("Recovery Operator"))
		for name in REPORTS:
			self.report(name, from_date=str(add_days(now_datetime(), -40))[:10])
		self.act_as(self.user_with())
		for name in REPORTS:
			with self.subTest(name), self.assertRaises(frappe.PermissionError):
				self.report(name)
		with self.assertRaises(frappe.PermissionError):
			get(filters={"trend": "health"})
