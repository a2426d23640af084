"""Incidents, on a site. Their life is tested in core; here is what documents add."""

from datetime import datetime, timedelta, timezone
from typing import Any

import frappe

from recovery_console.core.timeline import first_broken
from recovery_console.in_site import timeline
from recovery_console.testing import SiteTestCase

CHECK = "test.only"
NASTY = "<img src=x onerror=alert(1)> & 'quoted' \"twice\""


def report(*titles: str, status: str = "ok", hours: int = 0) -> dict[str, Any]:
	"""Build a report of one check that made one finding per title, each explained by the first."""
	findings = [
		{
			"fingerprint": f"{CHECK}:{title}",
			"severity": "warning",
			"title": title,
			"cause": "why",
			"remedy": "run `bench`",
			"count": 2,
			"subjects": [{"doctype": "Email Queue", "name": "EQ1"}],
			"evidence": {"stuck": 2},
			"caused_by": [f"{CHECK}:{titles[0]}"] if number else [],
		}
		for number, title in enumerate(titles)
	]
	check = {"id": CHECK, "family": "email", "status": "warning" if titles else status, "findings": findings}
	started = datetime.now(timezone.utc) + timedelta(hours=hours)
	return {"started": started.isoformat(timespec="seconds"), "checks": [check]}


class TestIncident(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		doc = frappe.new_doc("Health Snapshot", status="OK", started=frappe.utils.now_datetime())
		self.snapshot = doc.insert(ignore_permissions=True).name

	def tearDown(self) -> None:
		for name in frappe.get_all("Incident", filters={"check_id": CHECK}, pluck="name"):
			frappe.delete_doc("Incident", name, force=True, ignore_permissions=True)
		super().tearDown()

	def only(self) -> Any:
		[name] = frappe.get_all("Incident", filters={"check_id": CHECK}, pluck="name")
		return frappe.get_doc("Incident", name)

	def test_a_life(self) -> None:
		self.follow(report("mail", "more"), self.snapshot)
		doc = self.only()
		self.assertEqual((doc.status, doc.severity, doc.count, doc.occurrences), ("Detected", "S3", 2, 1))
		self.assertEqual([row.finding for row in doc.findings], ["mail", "more"])
		self.assertEqual(
			frappe.parse_json(doc.findings[0].subjects), [{"doctype": "Email Queue", "name": "EQ1"}]
		)
		self.follow(report("mail", hours=1), self.snapshot)
		self.assertEqual((self.only().occurrences, self.only().last_snapshot), (2, self.snapshot))
		self.follow(report(hours=2), self.snapshot)
		self.follow(report(status="unknown", hours=3), self.snapshot)
		self.assertEqual((self.only().status, self.only().healthy_checks), ("Detected", 1))
		self.follow(report(hours=4), self.snapshot)
		self.assertEqual(
			(self.only().status, bool(self.only().resolved_at), self.only().open_key),
			("Resolved", True, None),
		)
		self.follow(report("mail", hours=5), self.snapshot)
		doc = self.only()
		self.assertEqual((doc.status, doc.resolved_at, doc.occurrences), ("Reopened", None, 3))
		lines = timeline.read(doc.name)
		self.assertEqual([line.event for line in lines], ["Seen", "Recovered", "Resolved", "Reopened"])
		self.assertIsNone(first_broken(doc.name, lines))
		self.assertEqual(doc.lines, len(lines))

	def test_a_problem_has_one_open_incident_whoever_opens_it(self) -> None:
		self.follow(report("mail"), self.snapshot)
		twin = frappe.copy_doc(self.only())
		twin.open_key = self.only().open_key
		with self.assertRaises(frappe.UniqueValidationError):
			twin.insert(ignore_permissions=True)
		frappe.clear_messages()

	def test_what_desk_shows_as_html_holds_no_tag_and_the_problem_is_still_recognised(self) -> None:
		for hour in range(2):
			self.follow(report(NASTY, hours=hour), self.snapshot)
		doc = self.only()
		shown = "".join([doc.title, doc.cause, doc.findings[0].finding, timeline.read(doc.name)[0].detail])
		self.assertNotIn("<", shown)
		self.assertIn("img src=x", doc.title)
		self.assertEqual((doc.fingerprint, doc.occurrences), (f"{CHECK}:{NASTY}", 2))

	def test_a_long_title_and_a_long_fingerprint_do_no_harm(self) -> None:
		for hour in range(2):
			self.follow(report("x" * 1000, hours=hour), self.snapshot)
		self.assertEqual((len(self.only().title), self.only().occurrences), (240, 2))

	def test_the_timeline_cannot_be_changed(self) -> None:
		self.follow(report("mail"), self.snapshot)
		[name] = frappe.get_all("Incident Event", filters={"incident": self.only().name}, pluck="name")
		line = frappe.get_doc("Incident Event", name)
		line.detail = "nothing happened"
		for change in (line.save, line.delete, lambda: line.run_method("db_insert")):
			with self.assertRaises((frappe.ValidationError, frappe.DuplicateEntryError)):
				change()
		frappe.clear_messages()

	def test_a_line_that_was_changed_in_the_database_is_noticed(self) -> None:
		for hour in range(3):
			self.follow(report(*(["mail"] if hour != 1 else []), hours=hour), self.snapshot)
		name = self.only().name
		self.assertIsNone(first_broken(name, timeline.read(name)))
		frappe.db.set_value("Incident Event", {"incident": name, "number": 2}, "detail", "nothing happened")
		self.assertEqual(first_broken(name, timeline.read(name)), 2)

	def test_what_was_found_cannot_be_forged_and_severity_is_a_persons(self) -> None:
		self.follow(report("mail"), self.snapshot)
		for change in (
			lambda doc: doc.set("cause", "nobody's fault"),
			lambda doc: doc.set("fingerprint", "something.else"),
			lambda doc: doc.append("findings", {"finding": "invented"}),
		):
			doc = self.only()
			change(doc)
			with self.assertRaisesRegex(frappe.ValidationError, "written by the console"):
				doc.save()
		doc = self.only()
		doc.severity = "S1"
		with self.assertRaisesRegex(frappe.ValidationError, "needs a reason"):
			doc.save()
		doc = self.only()
		doc.update({"severity": "S1", "severity_reason": "The whole club waits for its mail."})
		doc.save()
		self.assertEqual(timeline.read(doc.name)[-1].event, "Severity")
		doc.save()  # what the console wrote beside it is no forgery

	def test_a_status_follows_the_life_cycle(self) -> None:
		self.follow(report("mail"), self.snapshot)
		doc = self.only()
		doc.status = "Closed"
		with self.assertRaisesRegex(frappe.ValidationError, "Detected cannot become Closed"):
			doc.save()

	def test_nobody_makes_one_by_hand(self) -> None:
		for role in ("Recovery Operator", "Recovery Manager", "System Manager"):
			with self.subTest(role):
				self.assertFalse(frappe.has_permission("Incident", "create", user=self.user_with(role)))

	def test_mallory_sees_nothing(self) -> None:
		self.follow(report("mail"), self.snapshot)
		self.assertFalse(frappe.has_permission("Incident", "read", user=self.user_with()))
