"""What the form of an Incident calls, on a site."""

import frappe

from recovery_console import api_incident_page
from recovery_console.in_site import incident_actions
from recovery_console.testing import SiteTestCase


class TestIncidentPage(SiteTestCase):
	def incident(self) -> str:
		return incident_actions.open_by_hand(
			f"The till is down {frappe.generate_hash(length=6)}",
			severity="S2",
			description="It says 502.",
			actor="somebody@example.org",
		)

	def test_it_tells_all_that_belongs_to_it(self) -> None:
		name = self.incident()
		story = api_incident_page.story(name)
		self.assertEqual(story["name"], name)
		self.assertIn("acknowledge", story["acts"])
		for part in ("timeline", "beneath", "runs", "reviews", "lessons", "bundles", "findings"):
			self.assertIsInstance(story[part], list, part)
		self.assertTrue(story["timeline"])

	def test_an_operator_acts_a_reader_without_the_role_gets_nothing(self) -> None:
		name = self.incident()
		self.act_as(self.user_with("Recovery Operator"))
		story = api_incident_page.story(name)
		self.assertTrue(story["may_act"])
		self.assertFalse(story["may_merge"])
		self.assertNotIn("close", story["acts"])
		self.act_as(self.user_with())
		for call in (api_incident_page.story, api_incident_page.make_bundle, api_incident_page.draft_review):
			with self.assertRaises(frappe.PermissionError):
				call(name)

	def test_a_review_can_be_asked_for_and_is_listed(self) -> None:
		name = self.incident()
		drafted = api_incident_page.draft_review(name)["name"]
		self.assertEqual([review.name for review in api_incident_page.story(name)["reviews"]], [drafted])
		self.assertEqual(api_incident_page.draft_review(name)["name"], drafted)
