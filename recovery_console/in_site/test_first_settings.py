"""A site begins with settings that somebody can save."""

import frappe

from recovery_console.in_site import first_settings
from recovery_console.testing import SiteTestCase

SETTINGS = "Recovery Settings"


class TestFirstSettings(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		frappe.db.delete("Singles", {"doctype": SETTINGS})
		frappe.clear_document_cache(SETTINGS, SETTINGS)

	def test_a_new_site_has_the_defaults_and_they_can_be_saved(self) -> None:
		first_settings.store()
		settings = frappe.get_doc(SETTINGS)
		self.assertEqual(str(settings.workday_start), "09:00:00")
		self.assertEqual(str(settings.workday_end), "17:00:00")
		self.assertFalse(settings.quiet_from)
		self.assertEqual(settings.snapshots_enabled, 1)
		settings.save()

	def test_moments_that_nobody_chose_are_mended_and_chosen_ones_stay(self) -> None:
		first_settings.store()
		frappe.db.set_single_value(
			SETTINGS,
			{
				"workday_start": "17:35:34.012274",
				"workday_end": "17:35:34.012312",
				"quiet_from": "17:35:34.1",
				"digest_at": "06:30:00",
			},
		)
		first_settings.store()
		settings = frappe.get_doc(SETTINGS)
		self.assertEqual(str(settings.workday_start), "09:00:00")
		self.assertEqual(str(settings.workday_end), "17:00:00")
		self.assertFalse(settings.quiet_from)
		self.assertIn(str(settings.digest_at), ("6:30:00", "06:30:00"))
		settings.save()
