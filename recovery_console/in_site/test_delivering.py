"""Notices that leave at the end of somebody's request, on a site."""

from datetime import datetime

import frappe

from recovery_console.core.notices import DESK, Destination, Kind
from recovery_console.core.times import UTC
from recovery_console.in_site import delivering, incident_actions, notices
from recovery_console.testing import SiteTestCase

LEAD = "Opened: a problem was found."


class TestDelivering(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.incident = incident_actions.open_by_hand(
			f"A test {frappe.generate_hash(length=8)}", severity="S4"
		)
		translation = frappe.new_doc("Translation")
		translation.update({"language": "nl", "source_text": LEAD, "translated_text": "Er is iets kapot."})
		self.translation = translation.insert(ignore_permissions=True).name
		frappe.db.commit()
		self.addCleanup(self.forget)

	def forget(self) -> None:
		frappe.db.rollback()
		for doctype in ("Incident Event", "Recovery Notice"):
			frappe.db.delete(doctype, {"incident": self.incident})
		frappe.db.delete("Notification Log", {"document_name": self.incident})
		frappe.db.delete("Incident", {"name": self.incident})
		self.remove("Translation", self.translation)

	def test_they_speak_the_language_of_the_site_and_not_that_of_whose_request_it_is(self) -> None:
		now, place = datetime.now(UTC), Destination(DESK, "", "Administrator")
		name = notices.write(Kind.OPENED, place, "t", "m", now=now, incident=self.incident)
		before, frappe.local.lang = frappe.local.lang, "nl"
		self.addCleanup(setattr, frappe.local, "lang", before)
		self.assertEqual(frappe._(LEAD), "Er is iets kapot.", "the reader's language has to be another one")
		delivering.deliver(now)
		self.assertEqual(frappe.local.lang, "nl")
		said = frappe.parse_json(frappe.db.get_value("Recovery Notice", name, "message"))
		self.assertIn(LEAD, said["lead"])
