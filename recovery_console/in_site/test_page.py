"""What the console's page asks for: what is stored is shown at once, and only to those who may see it."""

import json
import os
from unittest.mock import patch

import frappe
from frappe.utils import add_to_date, now_datetime

from recovery_console import api_page
from recovery_console.in_site import health, live
from recovery_console.testing import SiteTestCase

FINDING = {
	"fingerprint": "email.stuck_sending",
	"severity": "critical",
	"title": "Mails stuck in Sending: 12.",
	"cause": "A worker ended.",
	"remedy": "Release them.",
	"count": 12,
	"subjects": [],
	"evidence": {},
	"runbooks": ["release-stuck-emails"],
	"caused_by": [],
}


def report(*findings: dict) -> dict:
	status = "critical" if findings else "ok"
	check = {
		"id": "email.stuck_sending",
		"family": "email",
		"title": "Mails",
		"status": status,
		"reason": None,
	}
	return {
		"version": 1,
		"status": status,
		"families": {"email": status},
		"checks": [{**check, "remedy": "", "measurements": {}, "findings": list(findings)}],
		"changes": [{"when": "2000-01-01T00:00:00+00:00", "what": "Assets were built"}],
		"notes": [],
	}


class TestPage(SiteTestCase):
	def keep(self, kept: dict | None, minutes: int = -5) -> str:
		"""Store a snapshot that is newer than every other: later than now by so many minutes."""
		status = kept["status"] if kept else "warning"
		doc = frappe.new_doc("Health Snapshot")
		doc.update(
			{
				"status": "OK" if status == "ok" else status.capitalize(),
				"title": "a test",
				"started": add_to_date(now_datetime(), minutes=minutes),
				"taken_by": "Person",
				"families": json.dumps({"email": status}),
				"report": json.dumps(kept) if kept else "",
			}
		)
		return doc.insert(ignore_permissions=True).name

	def test_the_newest_snapshot_is_shown_with_its_problems(self):
		name = self.keep(report(FINDING), minutes=1)
		found = api_page.overview()
		self.assertEqual(found["snapshot"], name)
		self.assertEqual(found["status"], "critical")
		self.assertEqual(found["headline"], ["Mails stuck in Sending: 12."])
		self.assertEqual(found["groups"][0]["root"]["fingerprint"], "email.stuck_sending")
		[tile] = found["families"]
		self.assertEqual((tile["name"], tile["problems"], tile["trend"][-1]), ("E-mail", 1, "critical"))

	def test_of_an_old_snapshot_the_numbers_are_enough(self):
		self.keep(None, minutes=1)
		found = api_page.overview()
		self.assertFalse(found["has_report"])
		self.assertEqual(found["families"][0]["status"], "warning")
		self.assertEqual(found["groups"], [])

	def test_where_nobody_has_looked_it_says_so(self):
		frappe.db.delete("Health Snapshot")
		found = api_page.overview()
		self.assertIsNone(found["snapshot"])
		self.assertIn("Nobody has looked", found["headline"][0])

	def test_an_incident_tells_since_when_and_what_changed_before(self):
		name = self.keep(report(FINDING), minutes=1)
		frappe.db.delete("Incident", {"fingerprint": FINDING["fingerprint"]})
		doc = frappe.new_doc("Incident")
		doc.update(
			{
				"title": "Mails",
				"fingerprint": FINDING["fingerprint"],
				"check_id": FINDING["fingerprint"],
				"status": "Detected",
				"severity": "S2",
				"first_seen": add_to_date(now_datetime(), hours=-1),
				"first_snapshot": name,
			}
		)
		doc.flags.from_console = True
		doc.insert(ignore_permissions=True)
		found = api_page.overview()
		self.assertIn("since", found["headline"][0])
		incident = found["incidents"][FINDING["fingerprint"]]
		self.assertEqual((incident["name"], incident["severity"]), (doc.name, "S2"))
		self.assertEqual([change["what"] for change in incident["changes"]], ["Assets were built"])

	def test_a_sentence_is_translated_and_what_is_filled_in_is_not_taken_for_a_placeholder(self):
		self.keep(report({**FINDING, "title": "{evil} {0} %s"}), minutes=1)
		self.assertEqual(api_page.overview()["headline"], ["{evil} {0} %s."])

	def test_a_diagnosis_is_kept_and_its_end_is_told(self):
		name = api_page.run_diagnosis()["snapshot"]
		self.addCleanup(self.remove, "Health Snapshot", name)
		seen = api_page.pulse()
		self.assertEqual(seen["diagnosis"]["snapshot"], name)
		self.assertFalse(seen["diagnosis"]["is_running"])
		self.assertEqual(health.newest().name, name)

	def test_who_may_not_read_snapshots_is_refused(self):
		self.act_as(self.user_with("Website Manager"))
		for method in (api_page.overview, api_page.pulse, api_page.run_diagnosis):
			self.assertRaises(frappe.PermissionError, method)

	def test_an_operator_may_look(self):
		self.keep(report(), minutes=1)
		self.act_as(self.user_with("Recovery Operator"))
		self.assertEqual(api_page.overview()["status"], "ok")


class TestOneAtATime(SiteTestCase):
	def test_a_second_one_is_refused_in_words(self) -> None:
		second = live.one_at_a_time()
		with live.one_at_a_time(), self.assertRaisesRegex(frappe.ValidationError, "running already"), second:
			self.fail("two were let in")

	def test_a_folder_that_takes_no_file_keeps_nobody_from_looking(self) -> None:
		def unusable(*parts: str) -> str:
			return os.path.join("/proc/recovery-console", *parts)  # nobody, not even root, can make it

		looked = []
		with patch("frappe.utils.synchronization.get_site_path", unusable), live.one_at_a_time():
			looked.append(True)
		self.assertTrue(looked)
