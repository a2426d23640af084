"""What is gathered for incidents on a site: impact, changes before, snapshots, mails, runs and evidence bundles."""

import hashlib
import json
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import frappe

from recovery_console.core.bundle import checksum
from recovery_console.core.errors import ConsoleError
from recovery_console.core.timeline import EventKind, first_broken
from recovery_console.core.times import UTC
from recovery_console.in_site import bundles, chronicle, evidence, local, runs, timeline
from recovery_console.testing import SiteTestCase

CHECK = "test.evidence"
FOLDER = Path("private") / "files"


class TestEvidence(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.now = datetime.now(UTC)
		frappe.db.set_single_value("Recovery Settings", "bundle_from", "S2")
		frappe.clear_document_cache("Recovery Settings", "Recovery Settings")
		frappe.db.commit()
		self.addCleanup(self.forget)

	def forget(self) -> None:
		frappe.db.rollback()
		for name in frappe.get_all("Incident", filters={"check_id": CHECK}, pluck="name"):
			for file in frappe.get_all(
				"File", filters={"attached_to_name": name}, fields=["name", "file_url"], limit_page_length=0
			):
				Path(frappe.get_site_path(file.file_url.lstrip("/"))).unlink(missing_ok=True)
				frappe.db.delete("File", {"name": file.name})
			frappe.db.delete("Incident Event", {"incident": name})
			frappe.db.delete("Incident Finding", {"parent": name})
			frappe.db.delete("Incident", {"name": name})
		frappe.db.commit()

	def incident(self, *subjects: tuple[str, str], **values: Any) -> Any:
		doc = frappe.new_doc("Incident")
		doc.update(
			{
				"title": "Users who cannot work",
				"status": "Detected",
				"severity": "S3",
				"gravity": "critical",
				"check_id": CHECK,
				"fingerprint": f"{CHECK}:{frappe.generate_hash(length=6)}",
				"first_seen": local(self.now),
				"count": len(subjects),
				**values,
			}
		)
		named = [{"doctype": doctype, "name": name} for doctype, name in subjects]
		doc.append(
			"findings",
			{
				"finding": doc.title,
				"gravity": "critical",
				"count": len(subjects),
				"fingerprint": doc.fingerprint,
				"subjects": json.dumps(named),
				"evidence": "{}",
			},
		)
		doc.flags.from_console = True
		doc.flags.ignore_links = True
		doc.insert(ignore_permissions=True)
		frappe.db.commit()
		return doc

	def gather(self, name: str) -> Any:
		evidence.gather(self.now)
		return frappe.get_doc("Incident", name)

	def kinds(self, name: str) -> list[str]:
		return [line.event for line in timeline.read(name)]

	def test_the_impact_is_worked_out_at_opening_and_when_the_count_changes(self) -> None:
		doc = self.incident(("User", "Administrator"), ("User", "Guest"))
		found = self.gather(doc.name)
		stored = json.loads(found.impact)
		self.assertEqual((stored["sentence"], stored["count"]), ("2 users", 2))
		frappe.db.set_value("Incident", doc.name, "count", 5)
		frappe.db.set_value("Incident Finding", {"parent": doc.name}, "count", 5)
		frappe.db.commit()
		self.assertEqual(json.loads(self.gather(doc.name).impact)["sentence"], "5 users")
		self.assertEqual(str(found.modified), str(doc.modified))

	def test_in_a_storm_each_comes_in_its_turn(self) -> None:
		waits = self.incident(severity="S1")
		newer = self.incident(severity="S1", impact='{"count": 0}')
		for days, doc in ((400, waits), (500, newer)):
			frappe.db.set_value("Incident", doc.name, "creation", frappe.utils.add_days(None, days))
		most, evidence._MOST = evidence._MOST, 1  # noqa: SLF001 (else the test needs fifty incidents)
		self.addCleanup(setattr, evidence, "_MOST", most)
		looked_at = [row.name for row in evidence._incomplete_first()]  # noqa: SLF001
		self.assertEqual(looked_at, [waits.name, newer.name])

	def test_changes_before_it_are_told_once_with_what_they_are_about(self) -> None:
		role = frappe.new_doc("Role", role_name=f"Test {frappe.generate_hash(length=6)}").insert()
		self.addCleanup(self.remove, "Role", role.name)
		frappe.db.commit()
		doc = self.incident(("User", "Guest"))
		self.gather(doc.name)
		self.gather(doc.name)
		told = [line for line in timeline.read(doc.name) if line.reference == ("Role", role.name)]
		self.assertEqual([line.event for line in told], ["Site Changed"])
		self.assertIn(role.name, told[0].detail)

	def test_a_severe_incident_gets_one_bundle_by_itself(self) -> None:
		doc = self.incident(("User", "Guest"), severity="S2")
		for _again in range(2):
			self.gather(doc.name)
		[file] = frappe.get_all(
			"File",
			filters={"attached_to_doctype": "Incident", "attached_to_name": doc.name},
			fields=["name", "file_url", "is_private", "file_size"],
		)
		path = Path(frappe.get_site_path(file.file_url.lstrip("/")))
		self.assertTrue(file.is_private)
		self.assertEqual(path.stat().st_size, file.file_size)
		with zipfile.ZipFile(path) as opened:
			self.assertIsNone(opened.testzip())
			manifest = json.loads(opened.read("manifest.json"))
			self.assertEqual(json.loads(opened.read("incident.json"))["name"], doc.name)
			for item in manifest["files"]:
				self.assertNotEqual(item["status"], "unknown", item)
				if "sha256" in item:
					content = opened.read(item["file"])
					self.assertEqual(hashlib.sha256(content).hexdigest(), item["sha256"])
		[line] = [line for line in timeline.read(doc.name) if line.event == "Evidence"]
		self.assertIn(checksum(path), line.detail)
		self.assertEqual(line.reference, ("File", file.name))
		self.assertIsNone(first_broken(doc.name, timeline.read(doc.name)))

	def test_others_get_one_on_demand_only(self) -> None:
		small, child = self.incident(severity="S3"), self.incident(severity="S1")
		frappe.db.set_value("Incident", child.name, "parent_incident", small.name)
		frappe.db.commit()
		evidence.gather(self.now)
		for doc in (small, child):
			self.assertNotIn("Evidence", self.kinds(doc.name))
		name = bundles.make(small.name, "anna@example.org")
		self.assertTrue(frappe.db.exists("File", name))
		[line] = [line for line in timeline.read(small.name) if line.event == "Evidence"]
		self.assertEqual(line.actor, "anna@example.org")

	def test_settings_may_ask_for_none(self) -> None:
		frappe.db.set_single_value("Recovery Settings", "bundle_from", "Never")
		frappe.clear_document_cache("Recovery Settings", "Recovery Settings")
		doc = self.incident(severity="S1")
		self.gather(doc.name)
		self.assertNotIn("Evidence", self.kinds(doc.name))

	def test_one_that_cannot_be_written_is_said_and_not_tried_again_and_again(self) -> None:
		doc = self.incident(severity="S1")
		folder, aside = (Path(frappe.get_site_path("private", name)) for name in ("files", "files-aside"))
		folder.rename(aside)
		try:
			folder.write_text("no folder")
			with self.assertRaises(ConsoleError):
				bundles.make(doc.name)
		finally:
			folder.unlink()
			aside.rename(folder)
		[line] = [line for line in timeline.read(doc.name) if line.event == "Evidence"]
		self.assertIn("cannot be written", line.detail)
		self.gather(doc.name)
		self.assertEqual(self.kinds(doc.name).count("Evidence"), 1)

	def test_who_may_not_read_the_incident_may_not_read_its_bundle(self) -> None:
		doc = self.incident()
		name = bundles.make(doc.name)
		for roles, may in ((("Recovery Operator",), True), (("Sales User",), False)):
			frappe.db.rollback()
			user = self.user_with(*roles)
			self.assertEqual(frappe.get_doc("File", name).has_permission("read", user=user), may)

	def test_snapshots_are_not_told_of_each_that_stands_beneath_another(self) -> None:
		above = self.incident()
		beneath = self.incident(parent_incident=above.name)
		chronicle.tell_of_snapshot({"status": "critical", "checks": []}, "", self.now)
		self.assertIn("Snapshot", self.kinds(above.name))
		self.assertNotIn("Snapshot", self.kinds(beneath.name))

	def test_snapshots_are_told_when_the_status_changes(self) -> None:
		doc = self.incident()
		report = {"status": "critical", "families": {}, "checks": []}
		for status in ("critical", "critical", "warning", "critical"):
			chronicle.tell_of_snapshot({**report, "status": status}, "SNAP", self.now)
		told = [line for line in timeline.read(doc.name) if line.event == "Snapshot"]
		self.assertEqual(
			[line.detail.partition(" (")[0].rpartition(" ")[2] for line in told],
			["critical", "warning", "critical"],
		)
		self.assertEqual(told[0].snapshot, "SNAP")

	def test_who_saves_an_older_copy_takes_no_line_and_no_impact_away(self) -> None:
		doc = self.incident(("User", "Guest"))
		older = frappe.get_doc("Incident", doc.name)
		self.gather(doc.name)
		timeline.add(doc.name, EventKind.NOTE, "One more")
		older.flags.from_console = True
		older.save(ignore_permissions=True)
		found = frappe.get_doc("Incident", doc.name)
		self.assertEqual(found.lines, len(timeline.read(doc.name)))
		self.assertEqual(json.loads(found.impact)["sentence"], "1 user")

	def test_mails_about_it_are_told_once(self) -> None:
		doc = self.incident()
		for way in ("Sent", "Received"):
			frappe.new_doc(
				"Communication",
				communication_type="Communication",
				communication_medium="Email",
				subject=f"About it, password=hunter2 ({way})",
				content="x",
				sent_or_received=way,
				reference_doctype="Incident",
				reference_name=doc.name,
			).insert(ignore_permissions=True)
		for _again in range(2):
			chronicle.tell_of_mails(doc.name)
		told = [line.detail for line in timeline.read(doc.name) if line.event == "Mail"]
		self.assertEqual(len(told), 2)
		self.assertTrue(told[0].startswith("Mail sent: About it"))
		self.assertNotIn("hunter2", "".join(told))
		frappe.db.delete("Communication", {"reference_name": doc.name})

	def test_a_run_is_told_step_by_step_each_once(self) -> None:
		mail = frappe.new_doc("Email Queue", status="Sending", message="x", sender="a@example.org")
		mail.append("recipients", {"recipient": "b@example.org"})
		mail.insert(ignore_permissions=True)
		self.addCleanup(self.remove, "Email Queue", mail.name)
		frappe.db.set_value(
			"Email Queue", mail.name, "modified", local(self.now - timedelta(hours=5)), update_modified=False
		)
		doc = self.incident(("Email Queue", mail.name), fingerprint="email.stuck_sending")
		frappe.db.commit()
		run = self.run_runbook("release-stuck-emails")
		for _again in range(2):
			chronicle.tell_of_runs(runs.engine().journal)
		told = [line for line in timeline.read(doc.name) if line.reference == ("Runbook Run", run.id)]
		texts = [line.detail.removeprefix(f"{run.id}: ") for line in told]
		self.assertIn("was asked for", texts[0])
		self.assertEqual(told[0].actor, "requester@example.org")
		self.assertEqual([text.split(".")[0] for text in texts].count("approved"), 1)
		steps = [text for text in texts if text.startswith("step ")]
		self.assertEqual(len(steps), len(run.steps))
		self.assertEqual(len(set(texts)), len(texts))
		self.assertIsNone(first_broken(doc.name, timeline.read(doc.name)))
