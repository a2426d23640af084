"""The checklist of the first five minutes, on a site."""

import frappe

from recovery_console import api_setup
from recovery_console.testing import SiteTestCase


class TestSetupSteps(SiteTestCase):
	def done(self) -> dict[str, bool]:
		return {step["id"]: step["done"] for step in api_setup.steps()["steps"]}

	def test_each_step_is_done_once_it_is(self) -> None:
		frappe.db.delete("Health Snapshot")
		frappe.db.delete("Recovery Notice")
		settings = frappe.get_doc("Recovery Settings")
		settings.contacts = []
		settings.save()
		before = self.done()
		for step in ("diagnosis", "scheduled", "contacts", "channel"):
			self.assertFalse(before[step], step)
		frappe.new_doc(
			"Health Snapshot", status="OK", started=frappe.utils.now_datetime(), taken_by="Schedule"
		).insert(ignore_permissions=True)
		settings.append("contacts", {"contact_name": "Ada", "tier": "E1", "phone": "+31 20 555 0100"})
		settings.save()
		self.user_with("Recovery Operator")
		self.user_with("Recovery Manager")
		after = self.done()
		for step in ("diagnosis", "scheduled", "contacts", "people"):
			self.assertTrue(after[step], step)
		self.assertFalse(after["channel"])

	def test_mallory_is_refused(self) -> None:
		self.act_as(self.user_with())
		with self.assertRaises(frappe.PermissionError):
			api_setup.steps()
