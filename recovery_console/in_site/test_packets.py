"""What is handed to people outside the console, on a site: the contacts card, packets, and who may have them."""

import stat
from pathlib import Path

import frappe
from frappe.utils import get_site_path

from recovery_console import api_packets
from recovery_console.core.contacts_card import card_path, read_card
from recovery_console.in_site import contact_card, incident_actions
from recovery_console.testing import SiteTestCase

OLGA = {"contact_name": "Olga Operator", "tier": "E1", "category": "All", "phone": "+31 20 5550100"}


def site_path() -> Path:
	return Path(get_site_path()).resolve()


class TestContactsCard(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.addCleanup(contact_card.write)  # as the settings are when the test is over
		self.addCleanup(frappe.clear_document_cache, "Recovery Settings", "Recovery Settings")
		self.addCleanup(frappe.db.rollback)
		self.settings = frappe.get_doc("Recovery Settings")
		self.settings.set("contacts", [OLGA])

	def test_it_is_written_when_the_settings_change_and_belongs_to_the_bench_alone(self) -> None:
		self.settings.save()
		for form in ("text", "html"):
			self.assertIn("+31 20 5550100", read_card(site_path(), form))
			path = card_path(site_path(), form)
			self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
			self.assertEqual(stat.S_IMODE(path.parent.stat().st_mode), 0o700)

	def test_a_card_that_cannot_be_written_keeps_nobody_from_saving(self) -> None:
		path = card_path(site_path(), "text")
		path.unlink(missing_ok=True)
		path.mkdir()
		self.addCleanup(path.rmdir)
		self.settings.save()
		title = "Recovery Console: the contacts card was not written"
		self.assertTrue(frappe.db.exists("Error Log", {"method": title}))

	def test_a_contact_who_cannot_be_reached_is_refused(self) -> None:
		self.settings.append("contacts", {"contact_name": "<b>Nobody</b>", "tier": "E2"})
		with self.assertRaisesRegex(frappe.ValidationError, "Row 2: say how &lt;b&gt;Nobody"):
			self.settings.run_method("validate")

	def test_times_that_make_no_sense_are_refused_with_their_row(self) -> None:
		for table, row, message in (
			("clocks", {"severity": "S1", "acknowledge": "soon"}, "Row 1: “soon” is no duration"),
			("escalation", {"severity": "S1", "tier": "E1", "after": "9"}, "Row 1: “9” is no duration"),
		):
			self.settings.set(table, [row])
			with self.assertRaisesRegex(frappe.ValidationError, message):
				self.settings.run_method("validate")
			self.settings.set(table, [])
		for field, value, message in (
			("holidays_country", "XX", "not known"),
			("workdays", "Mon, Maandag", "no day of the week"),
			("workday_end", "08:00:00", "ends before it begins"),
		):
			before = self.settings.get(field)
			self.settings.set(field, value)
			with self.assertRaisesRegex(frappe.ValidationError, message):
				self.settings.run_method("validate")
			self.settings.set(field, before)

	def test_who_may_read_the_settings_may_print_it_and_nobody_else(self) -> None:
		self.act_as(self.user_with("Recovery Operator"))
		self.assertIn("<!doctype html>", api_packets.contacts_card())
		self.assertIn("WHOM TO CALL", api_packets.contacts_card("text"))
		with self.assertRaises(frappe.ValidationError):
			api_packets.contacts_card("pdf")
		self.act_as(self.user_with())
		with self.assertRaises(frappe.PermissionError):
			api_packets.contacts_card()


class TestPackets(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.name = incident_actions.open_by_hand(
			f"Members cannot pay {frappe.generate_hash(length=8)}",
			severity="S1",
			category="Vendor",
			description="Error 502, seen by jan.jansen@example.org",
			actor="Administrator",
		)
		frappe.db.commit()
		self.addCleanup(self.forget)

	def forget(self) -> None:
		frappe.db.rollback()
		frappe.db.delete("Incident Event", {"incident": self.name})
		frappe.db.delete("Recovery Notice", {"incident": self.name})
		frappe.db.delete("Incident", {"name": self.name})
		frappe.db.commit()

	def test_it_has_seven_fields_and_a_letter(self) -> None:
		self.act_as(self.user_with("Recovery Operator"))
		found = api_packets.packet(self.name)
		self.assertEqual(len(found["fields"]), 7)
		self.assertTrue(all(field["lines"] for field in found["fields"]))
		self.assertIn("Error 502", found["text"])
		self.assertNotIn("jan.jansen", found["text"] + found["vendor"]["body"])
		self.assertTrue(found["vendor"]["subject"].startswith(f"S1 {frappe.local.site}: Members cannot pay"))

	def test_who_may_not_read_the_incident_gets_nothing(self) -> None:
		self.act_as(self.user_with())
		with self.assertRaises(frappe.PermissionError):
			api_packets.packet(self.name)

	def test_one_that_is_not_there_is_said_to_be_missing(self) -> None:
		with self.assertRaises((frappe.DoesNotExistError, frappe.ValidationError)):
			api_packets.packet("RC-INC-1999-00001")
