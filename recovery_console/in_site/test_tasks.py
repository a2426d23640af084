"""What the scheduler runs, on a site."""

import frappe
from frappe.utils import add_to_date, now_datetime

from recovery_console import tasks
from recovery_console.in_site import incidents, snapshots
from recovery_console.testing import SiteTestCase


class TestTasks(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.before = set(frappe.get_all("Health Snapshot", pluck="name"))
		self.addCleanup(self._remove_new)

	def _new(self) -> list[str]:
		return [name for name in frappe.get_all("Health Snapshot", pluck="name") if name not in self.before]

	def _remove_new(self) -> None:
		snapshots.delete(self._new())
		frappe.db.commit()

	def _free_this_hour(self) -> None:
		frappe.db.delete("Health Snapshot", {"slot": snapshots.this_hour()})
		frappe.db.commit()

	def test_one_snapshot_per_hour(self) -> None:
		self._free_this_hour()
		tasks.hourly_snapshot()
		tasks.hourly_snapshot()
		[name] = self._new()
		doc = frappe.get_doc("Health Snapshot", name)
		self.assertEqual((doc.taken_by, doc.slot), ("Schedule", snapshots.this_hour()))
		self.assertNotIn(doc.status, ("Running", "Failed"))
		self.assertEqual(frappe.parse_json(doc.report)["site"], frappe.local.site)

	def test_none_where_they_are_switched_off(self) -> None:
		self._free_this_hour()
		frappe.db.set_single_value("Recovery Settings", "snapshots_enabled", 0)
		self.addCleanup(frappe.db.set_single_value, "Recovery Settings", "snapshots_enabled", 1)
		tasks.hourly_snapshot()
		self.assertEqual(self._new(), [])

	def test_the_snapshot_is_kept_when_the_incidents_cannot_be_written(self) -> None:
		self._free_this_hour()
		original, incidents.follow = incidents.follow, _fail
		self.addCleanup(setattr, incidents, "follow", original)
		tasks.hourly_snapshot()
		[name] = self._new()
		self.assertNotEqual(frappe.db.get_value("Health Snapshot", name, "report"), None)
		[log] = frappe.get_all(
			"Error Log", filters={"method": "Recovery Console: incidents not updated"}, pluck="name"
		)
		frappe.db.delete("Error Log", {"name": log})
		frappe.db.commit()

	def test_an_interrupted_snapshot_is_given_up_after_an_hour(self) -> None:
		stale = frappe.new_doc(
			"Health Snapshot", status="Running", started=add_to_date(now_datetime(), hours=-2)
		)
		stale.insert(ignore_permissions=True)
		snapshots.take("Person")
		self.assertEqual(frappe.db.get_value("Health Snapshot", stale.name, "status"), "Failed")

	def test_reports_go_first_and_then_all_but_one_per_day(self) -> None:
		def at(days: int, hours: int = 0) -> str:
			started = add_to_date(now_datetime().replace(hour=1), days=-days, hours=hours)
			doc = frappe.new_doc(
				"Health Snapshot", status="OK", started=started, report="{}", taken_by="Person"
			)
			return doc.insert(ignore_permissions=True).name

		young, old, first, second, ancient = at(6), at(8), at(100), at(100, hours=2), at(800)
		incident = frappe.new_doc("Incident", fingerprint="x", severity="S4", first_snapshot=second)
		incident.insert(ignore_permissions=True)
		self.addCleanup(frappe.db.commit)
		self.addCleanup(frappe.delete_doc, "Incident", incident.name, force=True, ignore_permissions=True)
		tasks.thin_snapshots()
		report_of = {
			name: frappe.db.get_value("Health Snapshot", name, "report") for name in (young, old, first)
		}
		self.assertEqual(report_of, {young: "{}", old: "", first: ""})
		self.assertFalse(frappe.db.exists("Health Snapshot", {"name": ("in", [second, ancient])}))
		self.assertFalse(frappe.db.get_value("Incident", incident.name, "first_snapshot"))


def _fail(*_args: object) -> None:
	raise RuntimeError("made to fail")
