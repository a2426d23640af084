"""The check calendar on a site: written down on time, answered by snapshots, signed off by people."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any

import frappe
from frappe.utils import get_system_timezone

from recovery_console import api_reviews
from recovery_console.core.duties import standard_duties
from recovery_console.core.times import UTC, zone
from recovery_console.in_site import duties, local
from recovery_console.testing import SiteTestCase

SIGN_OFF, DUTY, SNAPSHOT = "Duty Sign-off", "Recovery Duty", "Health Snapshot"
#: Days on which no snapshot of this site was ever taken; a Wednesday.
DAY = date(2031, 3, 5)


class TestDuties(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.names: list[str] = []
		waiting = {"state": ("in", ["Open", "Overdue"])}
		self.waiting = frappe.get_all(SIGN_OFF, filters=waiting, fields=["name", "state", "waits_for"])
		frappe.db.set_value(DUTY, {"name": ("!=", "")}, "enabled", 0, update_modified=False)
		self.addCleanup(self.clean)

	def clean(self) -> None:
		"""What a sweep does is committed."""
		frappe.db.rollback()
		frappe.db.delete(SIGN_OFF, {"duty": ("in", self.names or [""])})
		frappe.db.delete(SIGN_OFF, {"due_on": (">=", date(2031, 1, 1))})
		for row in self.waiting:  # to those of the site's own days, all of this was years ahead
			frappe.db.set_value(SIGN_OFF, row.name, {"state": row.state, "waits_for": row.waits_for})
		frappe.db.delete(SNAPSHOT, {"started": (">=", date(2031, 1, 1))})
		frappe.db.delete("Recovery Notice", {"kind": "Duty Due", "happened": (">=", "2031")})
		for name in self.names:
			self.remove(DUTY, name)
		frappe.db.set_value(DUTY, {"is_standard": 1}, "enabled", 1, update_modified=False)
		frappe.db.commit()

	def duty(self, **values: Any) -> str:
		"""A duty of the site's own, which it has had for a long time."""
		doc = frappe.new_doc(DUTY)
		doc.update({"title": "Look", "rhythm": "Daily", "instructions": "Look at it.", **values})
		doc.insert(ignore_permissions=True, set_name=f"test-{frappe.generate_hash(length=8)}")
		frappe.db.set_value(DUTY, doc.name, "creation", datetime.combine(DAY, time()), update_modified=False)
		self.names.append(doc.name)
		return doc.name

	def at(self, days: int = 0, hour: int = 12) -> datetime:
		"""A moment of the site's day, aware."""
		return datetime.combine(
			DAY + timedelta(days=days), time(hour), zone(get_system_timezone())
		).astimezone(UTC)

	def snapshot(self, days: int = 0, hour: int = 11, **statuses: str) -> str:
		"""A snapshot with what its checks said; `jobs__workers="ok"`."""
		checks = [
			{
				"id": name.replace("__", "."),
				"status": status,
				"reason": None,
				"findings": [{"title": "password=Tr0ub4dor&3-horse <b>3 are stuck"}]
				if status == "warning"
				else [],
			}
			for name, status in statuses.items()
		]
		doc = frappe.new_doc(SNAPSHOT)
		doc.update(
			{
				"status": "OK",
				"title": "T",
				"taken_by": "Person",
				"started": local(self.at(days, hour)),
				"report": json.dumps({"version": 1, "checks": checks}),
			}
		)
		return doc.insert(ignore_permissions=True).name

	def only(self, duty: str, **filters: Any) -> Any:
		[name] = frappe.get_all(SIGN_OFF, filters={"duty": duty, **filters}, pluck="name")
		return frappe.get_doc(SIGN_OFF, name)

	def test_the_standard_duties_come_with_the_console(self) -> None:
		there = frappe.get_all(DUTY, filters={"is_standard": 1}, pluck="name", limit_page_length=0)
		self.assertEqual(sorted(there), sorted(standard_duties()))
		doc = frappe.get_doc(DUTY, "error-log")
		doc.instructions = "Never mind."
		with self.assertRaises(frappe.ValidationError):
			doc.save(ignore_permissions=True)
		doc.reload()
		doc.enabled = not doc.enabled
		doc.save(ignore_permissions=True)

	def test_a_duty_names_checks_that_there_are(self) -> None:
		with self.assertRaisesRegex(frappe.ValidationError, "nope.check"):
			self.duty(checks="jobs.workers\nnope.check")
		with self.assertRaisesRegex(frappe.ValidationError, "backups.contents"):
			self.duty(checks="backups.contents")  # only on request

	def test_a_sign_off_comes_once_and_a_snapshot_answers_it(self) -> None:
		name = self.duty(checks="jobs.workers\nemail.*")
		duties.sweep(self.at())
		duties.sweep(self.at())
		doc = self.only(name)
		self.assertEqual(
			(doc.state, doc.period, str(doc.due_on), doc.snapshot), ("Open", "2031-03-05", "2031-03-05", None)
		)
		bad = self.snapshot(jobs__workers="ok", email__stuck_sending="warning")
		duties.sweep(self.at())
		doc.reload()
		self.assertEqual((doc.state, doc.snapshot), ("Open", bad))
		self.assertIn("email.stuck_sending (warning)", doc.waits_for)
		for text in (doc.waits_for, doc.said):
			self.assertNotIn("Tr0ub4dor", text)
		self.assertNotIn("<b>", doc.waits_for)
		good = self.snapshot(hour=13, jobs__workers="ok", email__stuck_sending="ok")
		duties.sweep(self.at(hour=14))
		doc.reload()
		self.assertEqual(
			(doc.state, doc.snapshot, doc.answered_by, doc.signed_by, doc.waits_for),
			("Done", good, "Checks", None, ""),
		)

	def test_a_snapshot_of_another_day_answers_nothing(self) -> None:
		name = self.duty(checks="jobs.workers")
		self.snapshot(days=-1, jobs__workers="ok")
		duties.sweep(self.at())
		self.assertEqual(self.only(name).state, "Open")

	def test_what_does_not_apply_is_said_and_not_called_done(self) -> None:
		name = self.duty(checks="sepa.returns")
		self.snapshot(sepa__returns="skipped")
		duties.sweep(self.at())
		self.assertEqual(self.only(name).state, "Not Applicable")

	def test_what_nobody_signs_off_is_overdue_then_missed_and_told_once(self) -> None:
		name = self.duty()
		duties.sweep(self.at())
		duties.sweep(self.at(hour=23))
		self.assertEqual(self.only(name).state, "Open")
		duties.sweep(self.at(days=1, hour=0))
		first = self.only(name, period="2031-03-05")
		self.assertEqual(first.state, "Overdue")
		told = frappe.db.count("Recovery Notice", {"kind": "Duty Due", "happened": (">=", "2031")})
		duties.sweep(self.at(days=1, hour=1))
		self.assertEqual(
			frappe.db.count("Recovery Notice", {"kind": "Duty Due", "happened": (">=", "2031")}), told
		)
		duties.sweep(self.at(days=2, hour=0))
		first.reload()
		self.assertEqual(first.state, "Missed")
		self.act_as(self.user_with("Recovery Manager"))
		with self.assertRaisesRegex(frappe.ValidationError, "stays on record"):
			api_reviews.sign_off_duty(first.name, "I did it after all.")

	def test_a_person_signs_off_with_a_note(self) -> None:
		name = self.duty(checks="jobs.workers", needs_person=1)
		self.snapshot(jobs__workers="ok")
		duties.sweep(self.at())
		doc = self.only(name)
		self.assertEqual(doc.state, "Open")
		operator = self.user_with("Recovery Operator")
		self.act_as(operator)
		with self.assertRaisesRegex(frappe.ValidationError, "Note what"):
			api_reviews.sign_off_duty(doc.name, "  ")
		api_reviews.sign_off_duty(doc.name, "Seen <b>it</b>, password=Tr0ub4dor&3-horse")
		doc.reload()
		self.assertEqual((doc.state, doc.answered_by, doc.signed_by), ("Done", "Person", operator))
		self.assertNotIn("Tr0ub4dor", doc.note)
		self.assertNotIn("<b>", doc.note)
		with self.assertRaisesRegex(frappe.ValidationError, "already"):
			api_reviews.sign_off_duty(doc.name, "Again")

	def test_who_may_not_sign_off(self) -> None:
		name = self.duty(sign_off_role="Recovery Manager")
		duties.sweep(self.at())
		doc = self.only(name)
		self.act_as(self.user_with("Recovery Operator"))
		with self.assertRaisesRegex(frappe.PermissionError, "Recovery Manager"):
			api_reviews.sign_off_duty(doc.name, "I did it.")
		frappe.set_user("Administrator")
		self.act_as(self.user_with())
		with self.assertRaises(frappe.PermissionError):
			api_reviews.sign_off_duty(doc.name, "I did it.")
		frappe.set_user("Administrator")
		self.assertEqual(self.only(name).state, "Open")

	def test_nobody_writes_or_deletes_a_sign_off_by_hand(self) -> None:
		name = self.duty()
		duties.sweep(self.at())
		doc = self.only(name)
		doc.state = "Done"
		with self.assertRaises(frappe.ValidationError):
			doc.save(ignore_permissions=True)
		with self.assertRaises(frappe.ValidationError):
			frappe.delete_doc(SIGN_OFF, doc.name, ignore_permissions=True)

	def test_the_database_lets_one_sign_off_of_a_period_be(self) -> None:
		name = self.duty()
		duties.sweep(self.at())
		twin = frappe.copy_doc(self.only(name))
		twin.flags.from_console = True
		with self.assertRaises((frappe.UniqueValidationError, frappe.DuplicateEntryError)):
			twin.insert(ignore_permissions=True, set_name="another name")

	def test_a_duty_that_was_switched_off_waits_for_nobody(self) -> None:
		name = self.duty()
		duties.sweep(self.at())
		frappe.db.set_value(DUTY, name, "enabled", 0)
		duties.sweep(self.at())
		self.assertEqual(self.only(name).state, "Not Applicable")

	def test_days_are_made_up_for_that_nobody_wrote_down(self) -> None:
		name = self.duty()
		duties.sweep(self.at())
		duties.sweep(self.at(days=3))
		states = frappe.get_all(
			SIGN_OFF, filters={"duty": name}, fields=["period", "state"], order_by="period asc"
		)
		self.assertEqual(
			[(row.period[-2:], row.state) for row in states],
			[("05", "Missed"), ("06", "Missed"), ("07", "Overdue"), ("08", "Open")],
		)

	def test_a_site_may_do_without_the_calendar(self) -> None:
		name = self.duty()
		frappe.db.set_single_value("Recovery Settings", "duties_off", 1)
		self.addCleanup(frappe.db.set_single_value, "Recovery Settings", "duties_off", 0)
		duties.sweep(self.at())
		self.assertFalse(frappe.db.exists(SIGN_OFF, {"duty": name}))
