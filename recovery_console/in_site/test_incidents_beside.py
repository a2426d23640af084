"""What break-glass kept of incidents, taken into a site."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import frappe

from recovery_console import tasks
from recovery_console.core.errors import ConsoleError
from recovery_console.core.incidents_beside import NOTE, STATUS, IncidentsBeside
from recovery_console.core.times import UTC
from recovery_console.in_site import incident_actions, incidents_beside, timeline
from recovery_console.testing import SiteTestCase

THEN = datetime(2026, 1, 5, 3, 4, 5, tzinfo=UTC)
ACTOR = "shell:frappe@host"


class TestIncidentsBeside(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.beside = IncidentsBeside(Path(frappe.get_site_path()).resolve())
		self.title = f"A test {frappe.generate_hash(length=8)}"
		self.addCleanup(self._clean_up)

	def _clean_up(self) -> None:
		frappe.db.rollback()
		for name in frappe.get_all("Incident", {"title": self.title}, pluck="name"):
			for doctype in ("Incident Event", "Recovery Notice", "Incident Review"):
				frappe.db.delete(doctype, {"incident": name})
			frappe.db.delete("Incident Finding", {"parent": name})
			frappe.db.delete("Incident", {"name": name})
		frappe.db.commit()
		for name in self.beside.names():
			path = self.beside.folder / f"{name}.jsonl"
			if self.title in path.read_text() or "RC-INC-TEST" in name:
				path.unlink()
				path.with_suffix(".taken").unlink(missing_ok=True)

	def opened(self) -> str:
		data = {"title": self.title, "severity": "S3", "category": "Vendor", "description": "Seen at night"}
		return self.beside.open(data, ACTOR, THEN)

	def adopted(self) -> list[str]:
		return [
			name
			for name in incidents_beside.adopt()
			if frappe.db.get_value("Incident", name, "title") == self.title
		]

	def test_it_becomes_an_incident_with_its_own_times_and_people(self) -> None:
		name = self.opened()
		self.beside.add(name, NOTE, {"text": "Called the vendor"}, ACTOR, THEN + timedelta(minutes=5))
		(incident,) = self.adopted()
		doc = frappe.get_doc("Incident", incident)
		self.assertEqual((doc.source, doc.severity, doc.category), ("Break-Glass", "S3", "Vendor"))
		lines = timeline.read(incident)
		self.assertEqual(lines[0].at, THEN)
		note = next(line for line in lines if line.detail == "Called the vendor")
		self.assertEqual((note.at, note.actor), (THEN + timedelta(minutes=5), ACTOR))

	def test_taking_it_in_twice_changes_nothing_and_later_notes_follow(self) -> None:
		name = self.opened()
		(incident,) = self.adopted()
		self.assertEqual(self.adopted(), [])
		self.beside.add(name, NOTE, {"text": "Later"}, ACTOR, THEN + timedelta(hours=1))
		self.assertEqual(self.adopted(), [incident])
		self.assertEqual(len([line for line in timeline.read(incident) if line.detail == "Later"]), 1)

	def test_a_crash_before_the_mark_takes_nothing_in_twice(self) -> None:
		name = self.opened()
		self.beside.add(name, NOTE, {"text": "Once"}, ACTOR, THEN)
		(incident,) = self.adopted()
		before = len(timeline.read(incident))
		(self.beside.folder / f"{name}.taken").unlink()
		self.assertEqual(self.adopted(), [incident])
		self.assertEqual(len(timeline.read(incident)), before)
		self.assertEqual(frappe.db.count("Incident", {"title": self.title}), 1)

	def test_a_status_is_given_and_one_that_it_cannot_have_is_told(self) -> None:
		name = self.opened()
		self.beside.add(name, STATUS, {"status": "Acknowledged", "text": ""}, ACTOR, THEN)
		(incident,) = self.adopted()
		self.assertEqual(frappe.db.get_value("Incident", incident, "status"), "Acknowledged")
		incident_actions.set_status(incident, "Resolved", actor="test", note="done")
		incident_actions.set_status(incident, "Closed", actor="test", note="done")
		frappe.db.commit()
		self.beside.add(name, STATUS, {"status": "Acknowledged", "text": "too late"}, ACTOR, THEN)
		self.assertEqual(self.adopted(), [incident])
		self.assertEqual(frappe.db.get_value("Incident", incident, "status"), "Closed")
		self.assertIn("too late", timeline.read(incident)[-1].detail)

	def test_what_somebody_changed_is_refused_and_the_rest_is_taken_in(self) -> None:
		broken, whole = self.opened(), self.opened()
		path = self.beside.folder / f"{broken}.jsonl"
		path.write_text(path.read_text().replace("S3", "S1"))
		with self.assertRaisesRegex(ConsoleError, "was changed"):
			incidents_beside.adopt()
		self.assertFalse(self.beside.waits(whole))
		self.assertEqual(frappe.db.get_value("Incident", {"title": self.title}, "severity"), "S3")

	def test_a_note_on_an_incident_that_there_is_not_stays_beside_the_site(self) -> None:
		self.beside.add("RC-INC-TEST-1", NOTE, {"text": self.title}, ACTOR, THEN)
		with self.assertRaisesRegex(ConsoleError, "RC-INC-TEST-1"):
			incidents_beside.adopt()
		self.assertTrue(self.beside.waits("RC-INC-TEST-1"))

	def test_the_sweeper_takes_it_in_and_stumbles_over_nothing(self) -> None:
		broken = self.opened()
		path = self.beside.folder / f"{broken}.jsonl"
		line = json.loads(path.read_text())
		path.write_text(json.dumps({**line, "seal": "x"}) + "\n" + json.dumps({"title": self.title}) + "\n")
		whole = self.opened()
		tasks.sweep_runs()
		self.assertFalse(self.beside.waits(whole))

	def test_a_file_that_makes_no_sense_keeps_no_other_from_being_taken_in(self) -> None:
		data = {"title": self.title, "severity": "S9", "category": "Vendor"}
		nonsense = self.beside.open({"severity": "S3", "note": self.title}, ACTOR, THEN)
		self.beside.open(data, ACTOR, THEN)
		self.opened()
		with self.assertRaises(ConsoleError) as refused:
			incidents_beside.adopt()
		self.assertIn(nonsense, refused.exception.message)
		self.assertEqual(frappe.db.count("Incident", {"title": self.title}), 1)
