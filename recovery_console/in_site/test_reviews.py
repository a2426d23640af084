"""Reviews on a site: drafted, written, signed, followed up; and who may do what."""

from datetime import datetime, timedelta, timezone
from typing import Any
from unittest.mock import patch

import frappe
from frappe.utils import add_days, nowdate

from recovery_console import api_reviews
from recovery_console.core import render_review
from recovery_console.core.review import MUST_SAY, REMIND_BEFORE
from recovery_console.core.timeline import EventKind, first_broken
from recovery_console.in_site import (
	incident_actions,
	local,
	review_items,
	review_page,
	review_signing,
	reviews,
	timeline,
)
from recovery_console.testing import SiteTestCase

REVIEW = "Incident Review"
NASTY = "<script>alert(1)</script> NL91ABNA0417164300 password=Tr0ub4dor&3-horse"


class TestReviews(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.manager = self.user_with("Recovery Manager")
		self.operator = self.user_with("Recovery Operator")

	def incident(self, severity: str = "S1", **values: Any) -> str:
		"""An incident that was found, worked on and resolved an hour ago."""
		name = incident_actions.open_by_hand(
			f"No worker runs {frappe.generate_hash(length=6)}",
			severity=severity,
			check="console.jobs",
			actor=self.operator,
			now=datetime.now(timezone.utc) - timedelta(hours=3),
		)
		if values:
			frappe.db.set_value("Incident", name, values)
		for status, hours in (
			("Acknowledged", 2.9),
			("Investigating", 2.5),
			("Mitigated", 2),
			("Resolved", 1),
		):
			at = datetime.now(timezone.utc) - timedelta(hours=hours)
			incident_actions.set_status(name, status, actor=self.operator, note="It is so.", now=at)
		return name

	def review_of(self, incident: str) -> Any:
		return frappe.get_doc(REVIEW, {"incident": incident})

	def written(self, incident: str, **values: Any) -> Any:
		"""The draft with everything that must be said."""
		doc = self.review_of(incident)
		doc.update({**dict.fromkeys(MUST_SAY, "It was said."), **values})
		doc.save(ignore_permissions=True)
		return doc

	def signed(self, incident: str, **values: Any) -> Any:
		doc = self.written(incident, **values)
		self.act_as(self.manager)
		doc.submit()
		frappe.set_user("Administrator")
		return frappe.get_doc(REVIEW, doc.name)

	def test_a_resolved_incident_has_its_review_drafted_with_what_is_on_record(self) -> None:
		name = self.incident()
		doc = self.review_of(name)
		incident = frappe.get_doc("Incident", name)
		self.assertEqual((doc.docstatus, doc.severity, doc.reviewer), (0, "S1", self.operator))
		self.assertEqual(doc.due, incident.review_due.replace(microsecond=0))
		self.assertAlmostEqual((doc.due - incident.resolved_at).total_seconds(), 24 * 3600, delta=2)
		self.assertEqual(doc.detected, incident.first_seen.replace(microsecond=0))
		self.assertEqual(doc.restored, incident.mitigated_at.replace(microsecond=0))
		self.assertIsNotNone(doc.investigated)
		self.assertIn("It lasted", doc.summary)
		lines = timeline.read(name)
		self.assertEqual(lines[-1].reference, (REVIEW, doc.name))

	def test_which_incidents_are_reviewed_by_themselves(self) -> None:
		self.assertTrue(frappe.db.exists(REVIEW, {"incident": self.incident("S2")}))
		minor = self.incident("S3")
		self.assertFalse(frappe.db.exists(REVIEW, {"incident": minor}))
		asked = reviews.draft(minor, asked=True)
		self.assertIsNone(frappe.db.get_value(REVIEW, asked, "due"))
		parent = self.incident()
		self.assertFalse(frappe.db.exists(REVIEW, {"incident": self.incident(parent_incident=parent)}))

	def test_a_draft_is_brought_up_to_date_and_keeps_what_a_person_wrote(self) -> None:
		name = self.incident()
		doc = self.review_of(name)
		doc.summary = "In our own words."
		doc.save(ignore_permissions=True)
		incident_actions.note(name, "One thing more.", actor=self.operator)
		frappe.db.set_value("Incident", name, "business_impact", "31 members waited.")
		self.assertEqual(reviews.draft(name), doc.name)
		doc.reload()
		self.assertEqual((doc.summary, doc.impact_text), ("In our own words.", "31 members waited."))
		self.assertEqual(frappe.db.count(REVIEW, {"incident": name}), 1)

	def test_an_incident_has_one_draft_whoever_comes_first(self) -> None:
		name = self.incident()
		twin = frappe.copy_doc(self.review_of(name))
		twin.flags.from_console = True
		with self.assertRaises(frappe.UniqueValidationError):
			twin.insert(ignore_permissions=True)

	def test_the_checks_are_asked_again(self) -> None:
		doc = self.review_of(self.incident())
		self.assertIsNone(frappe.parse_json(doc.facts)["checks_now"])
		reviews.refresh(doc.name)
		said = frappe.parse_json(frappe.db.get_value(REVIEW, doc.name, "facts"))["checks_now"]
		self.assertEqual([check["id"] for check in said["checks"]], ["console.jobs"])
		self.assertIn(said["checks"][0]["status"], ("ok", "warning", "critical"))
		self.assertEqual(reviews.checks_now("gone.check")["checks"], [])

	def test_a_review_is_signed_once_everything_is_said(self) -> None:
		name = self.incident()
		doc = self.written(name, lessons="")
		self.act_as(self.manager)
		with self.assertRaisesRegex(frappe.ValidationError, "Lessons"):
			doc.submit()
		doc.reload()
		doc.lessons = "Workers must be watched.\r\n\r\n— œ ✓  "
		doc.submit()
		doc = frappe.get_doc(REVIEW, doc.name)
		self.assertEqual((doc.docstatus, doc.signed_by, doc.draft_key), (1, self.manager, None))
		self.assertEqual(review_signing.changes(doc), [])
		incident = frappe.get_doc("Incident", name)
		self.assertEqual(incident.status, "Closed")
		lines = timeline.read(name)
		self.assertIsNone(first_broken(name, lines))
		self.assertEqual(incident.lines, len(lines))
		self.assertEqual(doc.signed_lines, len(lines) - 2)  # the signature and the closing come after
		self.assertIn(doc.signed_digest, lines[-2].detail)

	def test_a_signature_notices_what_was_changed_behind_it(self) -> None:
		doc = self.signed(self.incident())
		frappe.db.set_value(REVIEW, doc.name, "root_cause", "Somebody else's fault.")
		self.assertEqual(
			review_signing.changes(frappe.get_doc(REVIEW, doc.name)),
			["The review does not read as it was signed."],
		)
		html = render_review.as_html(review_page.page_of(frappe.get_doc(REVIEW, doc.name)))
		self.assertIn("no longer what was signed", html)

	def test_a_signature_notices_a_timeline_that_was_changed(self) -> None:
		doc = self.signed(self.incident())
		row = frappe.db.get_value(timeline.DOCTYPE, {"incident": doc.incident, "number": 2})
		frappe.db.set_value(timeline.DOCTYPE, row, "detail", "It never happened.")
		self.assertEqual(len(review_signing.changes(doc)), 1)

	def test_only_a_manager_signs(self) -> None:
		doc = self.written(self.incident())
		self.act_as(self.operator)
		with self.assertRaises(frappe.PermissionError):
			frappe.get_doc(REVIEW, doc.name).submit()
		other = frappe.get_doc(REVIEW, doc.name)
		other.flags.ignore_permissions = True
		with self.assertRaisesRegex(frappe.PermissionError, "Recovery Manager"):
			other.submit()

	def test_nobody_writes_what_is_on_record_or_a_signature(self) -> None:
		name = self.incident()
		doc = self.written(name)
		for field, value in (
			("facts", "{}"),
			("finding_cause", "Nothing was wrong."),
			("severity", "S4"),
			("signed_by", self.manager),
			("signed_digest", "0" * 64),
		):
			forged = frappe.get_doc(REVIEW, doc.name)
			forged.set(field, value)
			with (
				self.subTest(field),
				self.assertRaisesRegex(frappe.ValidationError, "written by the console"),
			):
				forged.save(ignore_permissions=True)
		invented = frappe.new_doc(REVIEW, incident=name, facts="{}")
		with self.assertRaisesRegex(frappe.ValidationError, "drafted from its incident"):
			invented.insert(ignore_permissions=True)
		signed = self.signed(name)
		signed.lessons = "Other lessons"
		with self.assertRaises(frappe.ValidationError):
			signed.save(ignore_permissions=True)

	def test_a_signature_can_be_withdrawn_and_the_review_amended(self) -> None:
		doc = self.signed(self.incident())
		self.act_as(self.manager)
		doc.cancel()
		amended = frappe.copy_doc(doc)  # with the signature, as Desk copies it
		amended.amended_from = doc.name
		amended.docstatus = 0
		amended.root_cause = "What it really was."
		amended.insert()
		amended.submit()
		self.assertEqual(review_signing.changes(frappe.get_doc(REVIEW, amended.name)), [])
		told = [line.detail for line in timeline.read(doc.incident) if line.event == EventKind.REVIEWED.value]
		self.assertTrue(any("withdrawn" in text for text in told))

	def item(self, **values: Any) -> dict[str, Any]:
		return {
			"action": "Watch the workers",
			"owner_user": self.operator,
			"due": add_days(nowdate(), 3),
			**values,
		}

	def test_action_items_are_assigned_and_followed_up(self) -> None:
		doc = self.signed(
			self.incident(), action_items=[self.item(), self.item(action="Drop it", state="Dropped")]
		)
		self.addCleanup(self._forget, doc.incident)
		first, second = doc.action_items
		task = frappe.get_doc("ToDo", first.todo)
		self.assertEqual(
			(task.allocated_to, task.status, task.reference_name), (self.operator, "Open", doc.name)
		)
		self.assertIsNone(second.todo)
		self.assertIsNotNone(second.done_on)
		task.status = "Closed"  # its owner is done
		task.save(ignore_permissions=True)
		review_items.sweep(datetime.now(timezone.utc))
		first.reload()
		self.assertEqual((first.state, bool(first.done_on), first.next_reminder), ("Done", True, None))
		told = [line.detail for line in timeline.read(doc.incident)]
		self.assertIn("Action item done: Watch the workers", told)
		self.assertEqual(review_signing.changes(frappe.get_doc(REVIEW, doc.name)), [])

	def test_an_owner_finishes_their_own_item_and_nobody_elses(self) -> None:
		owner = self.user_with()
		doc = self.signed(self.incident(), action_items=[self.item(owner_user=owner), self.item()])
		mine, other = doc.action_items
		self.act_as(owner)
		with self.assertRaises(frappe.PermissionError):
			api_reviews.finish_action_item(doc.name, other.name)
		api_reviews.finish_action_item(doc.name, mine.name, note="Alarm is set.")
		mine.reload()
		self.assertEqual((mine.state, mine.note), ("Done", "Alarm is set."))
		self.assertEqual(frappe.db.get_value("ToDo", mine.todo, "status"), "Closed")
		frappe.set_user(self.operator)
		with self.assertRaises(frappe.ValidationError):
			api_reviews.finish_action_item(doc.name, "nothing", state="Done")
		with self.assertRaises(frappe.ValidationError):
			api_reviews.finish_action_item(doc.name, other.name, state="Perhaps")

	def told(self, kind: str, incident: str) -> int:
		return frappe.db.count("Recovery Notice", {"kind": kind, "incident": incident})

	def test_a_review_that_is_due_is_reminded_of_once_by_two_sweepers(self) -> None:
		name = self.incident()
		self.addCleanup(self._forget, name)
		doc = self.review_of(name)
		due = datetime.fromisoformat(doc.next_reminder) + REMIND_BEFORE
		with patch("recovery_console.in_site.notices.tell") as tell:
			for now in (due - timedelta(hours=5), due - timedelta(hours=4), due - timedelta(hours=4)):
				reviews.remind(now)
			mine = [call for call in tell.call_args_list if call.args[1] == name]
			self.assertEqual(len(mine), 1)
			self.assertEqual(mine[0].args[0], "Review Due")
			self.assertIn("is due in 4 h", mine[0].args[2])
			reviews.remind(due + timedelta(minutes=1))
			mine = [call for call in tell.call_args_list if call.args[1] == name]
			self.assertIn("is due now", mine[-1].args[2])
		doc.reload()
		self.assertEqual(datetime.fromisoformat(doc.next_reminder), due + timedelta(hours=24))
		self.assertFalse(reviews.claimed(REVIEW, doc.name, "something older", due))

	def test_an_action_item_that_is_late_is_told_to_its_owner(self) -> None:
		doc = self.signed(self.incident(), action_items=[self.item(due=nowdate())])
		item = doc.action_items[0]
		at = datetime.fromisoformat(item.next_reminder)
		self.addCleanup(self._forget, doc.incident)
		review_items.sweep(at)
		number = self.told("Action Due", doc.incident)
		review_items.sweep(at)
		self.assertEqual(self.told("Action Due", doc.incident), number)
		rows = frappe.get_all(
			"Recovery Notice",
			{"kind": "Action Due", "incident": doc.incident},
			["person", "address", "detail"],
		)
		self.assertIn(self.operator, [row.address for row in rows])
		self.assertIn("“Watch the workers”, is due in 4 h", rows[0].detail)

	def test_later_incidents_of_the_same_problem_show_what_was_learned(self) -> None:
		first = self.incident()
		fingerprint = frappe.db.get_value("Incident", first, "fingerprint")
		doc = self.signed(first, lessons="Watch the workers.")
		frappe.db.set_value("Incident", first, "open_key", None)
		second = self.incident()
		frappe.db.set_value("Incident", second, "fingerprint", fingerprint)
		[lesson] = reviews.lessons(second)
		self.assertEqual((lesson["review"], lesson["lessons"]), (doc.name, "Watch the workers."))
		self.assertEqual(reviews.lessons(first), [])
		reviews.draft(second)
		facts = frappe.parse_json(self.review_of(second).facts)
		self.assertEqual(facts["earlier"][0]["review"], doc.name)
		self.assertTrue(any("happened before" in text for text in facts["proposals"]))

	def test_what_leaves_the_site_is_escaped_and_without_secrets(self) -> None:
		doc = self.signed(self.incident(), root_cause=NASTY, lessons=NASTY)
		self.act_as(self.manager)
		for download in (api_reviews.review_as_markdown, api_reviews.review_as_html):
			download(doc.name)
			text = frappe.local.response.pop("filecontent").decode()
			self.assertNotIn("<script", text.replace("\\<script", ""))
			self.assertNotIn("0417164300", text)
			self.assertNotIn("Tr0ub4dor", text)
			self.assertIn(doc.signed_digest, text)
		shown = frappe.get_print(REVIEW, doc.name, "Incident Review")
		self.assertIn(doc.signed_digest, shown)
		self.assertNotIn("<script>alert", shown)
		self.assertNotIn("0417164300", shown)

	def test_a_pdf_is_made_where_the_machine_can_and_else_it_is_said_why_not(self) -> None:
		doc = self.signed(self.incident())
		nowhere = patch.dict("os.environ", {"PATH": "/nowhere"})
		with nowhere, self.assertRaisesRegex(frappe.ValidationError, "wkhtmltopdf.*HTML"):
			review_page.as_pdf(doc)
		try:
			pdf = review_page.as_pdf(doc)
		except frappe.ValidationError:
			self.skipTest("wkhtmltopdf is not installed here")
		self.assertEqual(pdf[:5], b"%PDF-")

	def test_who_may_not_read_gets_nothing(self) -> None:
		doc = self.signed(self.incident())
		self.act_as(self.user_with())
		for refused in (
			lambda: api_reviews.review_as_markdown(doc.name),
			lambda: api_reviews.review_as_html(doc.name),
			lambda: api_reviews.review_as_pdf(doc.name),
			lambda: api_reviews.refresh_review(doc.name),
			lambda: api_reviews.finish_action_item(doc.name, "x"),
		):
			with self.assertRaises(frappe.PermissionError):
				refused()

	def test_a_review_that_could_not_be_drafted_is_drafted_by_the_sweeper(self) -> None:
		name = self.incident()
		frappe.db.delete(REVIEW, {"incident": name})
		self.addCleanup(self._forget, name)
		reviews.draft_missing(datetime.now(timezone.utc))
		self.assertTrue(frappe.db.exists(REVIEW, {"incident": name}))

	def _forget(self, incident: str) -> None:
		"""Sweepers commit, and with it what the test had made before."""
		frappe.db.rollback()
		for name in frappe.get_all(REVIEW, {"incident": incident}, pluck="name"):
			frappe.db.delete(review_items.DOCTYPE, {"parent": name})
			frappe.db.delete("ToDo", {"reference_name": name})
			frappe.db.delete(REVIEW, {"name": name})
		frappe.db.delete("Recovery Notice", {"incident": incident})
		frappe.db.delete(timeline.DOCTYPE, {"incident": incident})
		frappe.db.delete("Incident", {"name": incident})
		for user in (self.manager, self.operator):
			self.remove("User", user)
		frappe.db.commit()

	def test_the_due_time_is_shown_in_the_sites_time(self) -> None:
		doc = self.review_of(self.incident())
		first = datetime.fromisoformat(doc.next_reminder)
		self.assertEqual(local(first + REMIND_BEFORE), doc.due)
