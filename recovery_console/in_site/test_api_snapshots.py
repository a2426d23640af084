"""What the form of a Health Snapshot calls, on a site."""

import json
from typing import Any
from unittest.mock import patch

import frappe
from frappe.utils import add_to_date, now_datetime

from recovery_console import api_snapshots
from recovery_console.api import may_use_console
from recovery_console.in_site import badge
from recovery_console.testing import SiteTestCase


class SnapshotTestCase(SiteTestCase):
	def snapshot(self, hours_ago: int, **values: Any) -> str:
		started = add_to_date(now_datetime(), years=5, hours=-hours_ago)  # nobody else's is near
		doc = frappe.new_doc("Health Snapshot", **{"status": "OK", "started": started, **values})
		return doc.insert(ignore_permissions=True).name


class TestCompare(SnapshotTestCase):
	def test_with_the_one_before_by_default_and_in_the_order_of_time(self) -> None:
		older = self.snapshot(2, families=json.dumps({"email": "critical"}))
		newer = self.snapshot(
			1, families=json.dumps({"email": "ok"}), measurements='{"jobs.waiting.depth": 4}'
		)
		self.snapshot(1, status="Failed")
		found = api_snapshots.compare(newer)
		self.assertEqual((found["older"]["name"], found["newer"]["name"]), (older, newer))
		[family] = found["families"]
		self.assertEqual((family["label"], family["before"], family["after"]), ("E-mail", "critical", "ok"))
		self.assertEqual(api_snapshots.compare(older, newer), found)
		self.assertFalse(found["findings_known"])

	def test_never_with_itself_even_where_moments_are_kept_as_texts(self) -> None:
		whole = add_to_date(now_datetime(), years=6).replace(microsecond=0)
		older = self.snapshot(0, started=add_to_date(whole, hours=-1))
		newer = self.snapshot(0, started=whole)
		self.assertEqual(api_snapshots.compare(newer)["older"]["name"], older)

	def test_there_may_be_none_before_it_and_none_of_that_name(self) -> None:
		first = self.snapshot(-24 * 365 * 100)
		frappe.db.delete("Health Snapshot", {"name": ("!=", first)})
		self.assertIsNone(api_snapshots.compare(first)["older"])
		with self.assertRaises(frappe.DoesNotExistError):
			api_snapshots.compare(first, "HS-of-nobody")

	def test_mallory_is_refused(self) -> None:
		name = self.snapshot(1)
		self.act_as(self.user_with())
		with self.assertRaises(frappe.PermissionError):
			api_snapshots.compare(name)


class TestBadge(SnapshotTestCase):
	def test_it_tells_of_the_newest_diagnosis_that_came_to_its_end(self) -> None:
		self.snapshot(2, critical_count=3)
		self.snapshot(1, critical_count=9, status="Running")
		self.assertEqual(api_snapshots.badge(), {"critical": 3, "is_stale": False})

	def test_an_old_one_says_nothing_and_a_new_site_is_not_in_trouble(self) -> None:
		frappe.db.delete("Health Snapshot")
		self.assertEqual(api_snapshots.badge(), {"critical": 0, "is_stale": False})
		self.snapshot(24 * 366 * 5, critical_count=0)
		self.assertTrue(api_snapshots.badge()["is_stale"])

	def test_mallory_is_refused_and_her_desk_starts_without_it(self) -> None:
		operator = self.user_with("Recovery Operator")
		self.act_as(self.user_with())
		with self.assertRaises(frappe.PermissionError):
			api_snapshots.badge()
		boot: dict[str, Any] = {}
		badge.extend_bootinfo(boot)
		self.assertEqual(boot, {})
		self.act_as(operator)
		badge.extend_bootinfo(boot)
		self.assertIn("critical", boot["recovery_console_badge"])

	def test_desk_and_log_in_work_without_the_tables_of_the_console(self) -> None:
		# So it is while the app is being removed, and after a restore until the site is migrated.
		self.act_as(self.user_with("Recovery Operator"))
		boot: dict[str, Any] = {}
		messages = list(frappe.local.message_log)
		with patch.object(badge, "SNAPSHOT", "Health Snapshot That Is Gone"):
			badge.extend_bootinfo(boot)
			self.assertFalse(may_use_console())
		self.assertEqual((boot, frappe.local.message_log), ({}, messages))
		self.assertTrue(may_use_console())
		with patch.object(badge, "state", lambda: frappe.db.sql("select gone from `tabGone`")):
			badge.extend_bootinfo(boot)
		self.assertEqual(boot, {})
		self.assertTrue(frappe.db.exists("DocType", "User"))  # the transaction of Desk's start goes on
