"""Known errors, on a site."""

import frappe

from recovery_console import api
from recovery_console.core.knowledge import known_errors
from recovery_console.in_site import standard
from recovery_console.testing import SiteTestCase


class TestKnownError(SiteTestCase):
	def own(self, pattern: str) -> "frappe.model.document.Document":
		doc = frappe.new_doc("Known Error", title="Ours", pattern=pattern, cause="Because.", fix="Do it.")
		return doc.insert(set_name=f"OWN-{frappe.generate_hash(length=6)}")

	def test_those_of_the_console_are_there(self) -> None:
		self.assertEqual(
			set(frappe.get_all("Known Error", filters={"is_standard": 1}, pluck="name")),
			{error.id for error in known_errors()},
		)

	def test_bringing_them_up_to_date_twice_changes_nothing(self) -> None:
		def all_of_them() -> list:
			return [
				frappe.get_all(doctype, fields=["name", "modified"], order_by="name", limit_page_length=0)
				for doctype in ("Known Error", "SEPA Profile", "Role")
			]

		before = all_of_them()
		standard.sync()
		self.assertEqual(all_of_them(), before)

	def test_they_cannot_be_changed_or_deleted_but_switched_off(self) -> None:
		name = known_errors()[0].id
		doc = frappe.get_doc("Known Error", name)
		doc.enabled = 0
		doc.save()
		doc.fix = "Something else"
		with self.assertRaisesRegex(frappe.ValidationError, "comes with the console"):
			doc.save()
		with self.assertRaisesRegex(frappe.ValidationError, "comes with the console"):
			frappe.delete_doc("Known Error", name)

	def test_nobody_passes_a_record_off_as_ours(self) -> None:
		doc = frappe.new_doc(
			"Known Error", title="x", pattern="fixed text", cause="x", fix="x", is_standard=1
		)
		with self.assertRaisesRegex(frappe.ValidationError, "comes with the console"):
			doc.insert(set_name="OWN-01")

	def test_a_sites_own_error_is_used(self) -> None:
		doc = self.own(r"Flux capacitor \d+ is empty")
		frappe.db.commit()
		self.addCleanup(frappe.db.commit)
		self.addCleanup(frappe.delete_doc, "Known Error", doc.name)
		[match] = api.explain("Error: Flux capacitor 7 is empty")["matches"]
		self.assertEqual((match["id"], match["of_site"]), (doc.name, True))

	def test_a_pattern_that_cannot_be_used_is_refused(self) -> None:
		for pattern in ("(", ".*", "x" * 501):
			with self.subTest(pattern[:9]), self.assertRaisesRegex(frappe.ValidationError, "cannot be used"):
				self.own(pattern)
