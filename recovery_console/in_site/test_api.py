"""The HTTP API, on a site."""

import frappe

from recovery_console import api
from recovery_console.core.report import VERSION
from recovery_console.in_site import snapshots
from recovery_console.testing import SiteTestCase


class TestAPI(SiteTestCase):
	def test_it_returns_the_report(self) -> None:
		report = api.diagnose(families="database")
		self.assertEqual(report["version"], VERSION)
		self.assertEqual(report["site"], frappe.local.site)
		self.assertEqual({check["family"] for check in report["checks"]}, {"database"})

	def test_names_may_come_as_json_as_text_or_as_a_list(self) -> None:
		for given in ('["cache", "database"]', "cache, database", ["cache", "database"]):
			self.assertEqual(set(api.diagnose(families=given)["families"]), {"cache", "database"})

	def test_it_names_a_check_by_id(self) -> None:
		self.assertEqual(
			[check["id"] for check in api.diagnose(checks="database.reachable")["checks"]],
			["database.reachable"],
		)

	def test_a_check_that_does_not_exist_is_refused_with_advice(self) -> None:
		with self.assertRaisesRegex(frappe.ValidationError, "Did you mean 'database'"):
			api.diagnose(families="databse")

	def test_the_latest_snapshot_is_the_newest_that_came_to_its_end(self) -> None:
		name = snapshots.keep(api.diagnose(families="database"), "Person")
		self.addCleanup(snapshots.delete, [name])
		running = frappe.new_doc("Health Snapshot", started=frappe.utils.now_datetime(), status="Running")
		running.insert(ignore_permissions=True)
		latest = api.latest_snapshot()
		self.assertEqual(latest["name"], name)
		self.assertEqual(latest["report"]["version"], VERSION)
		self.assertLess(latest["age_seconds"], 60)

	def test_the_cards_answer(self) -> None:
		self.assertIsInstance(api.site_status_card(), str)
		self.assertIsInstance(api.last_snapshot_card(), str)
		self.assertGreaterEqual(api.critical_findings_card()["value"], 0)

	def test_a_known_error_is_explained(self) -> None:
		answer = api.explain("pymysql.err.OperationalError: (1040, 'Too many connections')")
		self.assertEqual(answer["matches"][0]["id"], "DB-05")

	def test_a_query_is_planned_and_nothing_else(self) -> None:
		self.act_as(self.user_with("Recovery Operator"))
		answer = api.explain_query("SELECT `email` FROM `tabUser` WHERE `name` = 'Administrator'")
		self.assertEqual(answer["version"], 1)
		self.assertNotIn("Administrator", str(answer))
		for refused in (
			"DELETE FROM `tabUser`",
			"SELECT `password` FROM `__Auth`",
			"SELECT no_such FROM `tabUser`",
		):
			with self.subTest(refused), self.assertRaises(frappe.ValidationError):
				api.explain_query(refused)

	def test_an_operator_may_diagnose(self) -> None:
		self.act_as(self.user_with("Recovery Operator"))
		self.assertEqual(api.diagnose(families="database")["version"], VERSION)
		self.assertTrue(api.may_use_console())
		self.assertTrue(api.checks())

	def test_mallory_is_refused(self) -> None:
		self.act_as(self.user_with())
		for method in (
			api.diagnose, api.take_snapshot, api.latest_snapshot, api.checks,
			api.site_status_card, api.last_snapshot_card, api.critical_findings_card,
		):  # fmt: skip
			with self.subTest(method.__name__), self.assertRaises(frappe.PermissionError):
				method()
		with self.assertRaises(frappe.PermissionError):
			api.explain("anything")
		with self.assertRaises(frappe.PermissionError):
			api.explain_query("SELECT 1")
		self.assertFalse(api.may_use_console())

	def test_what_writes_takes_post_only(self) -> None:
		self.assertEqual(frappe.allowed_http_methods_for_whitelisted_func[api.take_snapshot], ["POST"])
		self.assertEqual(frappe.allowed_http_methods_for_whitelisted_func[api.explain_query], ["POST"])
