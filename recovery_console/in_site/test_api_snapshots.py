"""What the form of a Health Snapshot calls, on a site."""

import json
from typing import Any

import frappe
from frappe.utils import add_to_date, now_datetime

from recovery_console import api_snapshots
from recovery_console.testing import SiteTestCase


class TestCompare(SiteTestCase):
	def snapshot(self, hours_ago: int, **values: Any) -> str:
		started = add_to_date(now_datetime(), years=5, hours=-hours_ago)  # nobody else's is near
		doc = frappe.new_doc("Health Snapshot", **{"status": "OK", "started": started, **values})
		return doc.insert(ignore_permissions=True).name

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
