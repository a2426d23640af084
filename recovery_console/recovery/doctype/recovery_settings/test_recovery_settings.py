"""Recovery Settings, on a site."""

import frappe

from recovery_console import api
from recovery_console.core.registry import all_checks
from recovery_console.core.thresholds import read_overrides, show
from recovery_console.in_site import open_site
from recovery_console.testing import SiteTestCase


class TestRecoverySettings(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.check = next(check for check in all_checks().values() if check.parameters())
		self.parameter, self.default = next(iter(self.check.parameters().items()))

	def settings(self, *rows: tuple[str, str, str]) -> "frappe.model.document.Document":
		doc = frappe.get_doc("Recovery Settings")
		doc.set(
			"thresholds", [dict(zip(("check_id", "parameter", "value"), row, strict=True)) for row in rows]
		)
		return doc

	def test_a_threshold_is_what_the_next_diagnosis_reads(self) -> None:
		self.settings((self.check.id, self.parameter, show(self.default))).save()
		frappe.db.commit()
		self.addCleanup(frappe.db.commit)
		self.addCleanup(lambda: self.settings().save())
		with open_site() as site:
			self.assertEqual(read_overrides(site), {(self.check.id, self.parameter): show(self.default)})

	def test_a_value_that_does_not_fit_is_refused_with_the_default(self) -> None:
		with self.assertRaisesRegex(frappe.ValidationError, "Row 1"):
			self.settings((self.check.id, "no_such_threshold", "1")).save()

	def test_a_check_that_does_not_exist_is_refused(self) -> None:
		with self.assertRaisesRegex(frappe.ValidationError, "there is no check"):
			self.settings(("email.nothing", "x", "1")).save()

	def test_the_same_threshold_twice_is_refused(self) -> None:
		row = (self.check.id, self.parameter, show(self.default))
		with self.assertRaisesRegex(frappe.ValidationError, "twice"):
			self.settings(row, row).save()

	def test_retention_must_make_sense(self) -> None:
		doc = self.settings()
		doc.report_days = 100
		with self.assertRaisesRegex(frappe.ValidationError, "no longer than"):
			doc.save()

	def test_only_managers_change_them(self) -> None:
		may = {
			role: frappe.has_permission("Recovery Settings", "write", user=self.user_with(role))
			for role in ("Recovery Operator", "Recovery Manager", "System Manager")
		}
		self.assertEqual(may, {"Recovery Operator": False, "Recovery Manager": True, "System Manager": True})

	def automatic(self, *rows: str) -> None:
		"""Let these runbooks run by themselves."""
		doc = frappe.get_doc("Recovery Settings")
		doc.set("automatic_runbooks", [{"runbook": row, "most_per_day": 1} for row in rows])
		doc.save()

	def test_only_a_runbook_that_asks_for_nothing_runs_by_itself(self) -> None:
		chosen = [found["id"] for found in api.runbooks(automatic=1)]
		self.assertIn("unlock-documents", chosen)
		self.assertNotIn("clear-old-logs", chosen)
		self.automatic(chosen[0], chosen[1])
		for wrong, message in (
			(["no-such-<b>runbook</b>"], "Row 1: there is no runbook no-such-&lt;b&gt;"),
			([chosen[0], "clear-old-logs"], "Row 2: clear-old-logs cannot run by itself"),
			([chosen[0], chosen[0]], "Row 2: .* is listed twice"),
		):
			with self.assertRaisesRegex(frappe.ValidationError, message):
				self.automatic(*wrong)
