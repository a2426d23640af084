"""SEPA profiles, on a site."""

import frappe

from recovery_console.core.profile_file import read_own_profiles, shipped_profiles
from recovery_console.in_site import open_site
from recovery_console.testing import SiteTestCase

DEFINITION = """
title = "Ours"
requires = ["ToDo"]
[roles.mandate]
doctype = "ToDo"
[roles.mandate.fields]
id = "name"
"""


class TestSEPAProfile(SiteTestCase):
	def own(self, name: str, definition: str) -> "frappe.model.document.Document":
		return frappe.new_doc("SEPA Profile", title="Ours", definition=definition).insert(set_name=name)

	def test_those_of_the_console_are_there(self) -> None:
		self.assertEqual(
			set(frappe.get_all("SEPA Profile", filters={"is_standard": 1}, pluck="name")),
			{profile.id for profile in shipped_profiles()},
		)

	def test_a_sites_own_profile_is_what_the_checks_read(self) -> None:
		doc = self.own("our-association", DEFINITION)
		frappe.db.commit()
		self.addCleanup(frappe.db.commit)
		self.addCleanup(frappe.delete_doc, "SEPA Profile", doc.name)
		with open_site() as site:
			own = read_own_profiles(site)[0]
		self.assertEqual([profile.id for profile in own], [doc.name])

	def test_a_definition_that_cannot_be_read_is_refused(self) -> None:
		for definition in ("roles = 3", "neither TOML nor JSON", '[roles.mandat]\ndoctype = "ToDo"'):
			with self.subTest(definition), self.assertRaises(frappe.ValidationError):
				self.own("our-association", definition)

	def test_a_name_is_one_that_fingerprints_can_hold(self) -> None:
		with self.assertRaisesRegex(frappe.ValidationError, "small letters"):
			self.own("Our Association", DEFINITION)
