"""What people do with incidents, on a site: by function, by the form, by comment, and over HTTP."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import frappe

from recovery_console import api_incidents
from recovery_console.core.errors import UsageError
from recovery_console.core.timeline import first_broken
from recovery_console.in_site import incident_actions as actions
from recovery_console.in_site import local, timeline, utc
from recovery_console.recovery.doctype.incident.test_incident import CHECK, report
from recovery_console.testing import SiteTestCase

NOW = datetime.now(timezone.utc).replace(microsecond=0)
WHO = "Administrator"


class TestIncidentActions(SiteTestCase):
	"""Each thing that a person may do."""

	def opened(self, title: str = "Mail does not go out", **more: Any) -> str:
		return actions.open_by_hand(title, **{"severity": "S2", "actor": WHO, "now": NOW, **more})

	def doc(self, name: str) -> Any:
		return frappe.get_doc("Incident", name)

	def told(self, name: str) -> list[tuple[str, str]]:
		lines = timeline.read(name)
		self.assertIsNone(first_broken(name, lines))
		self.assertEqual(frappe.db.get_value("Incident", name, "lines"), len(lines))
		return [(line.event, line.actor) for line in lines]

	def refused(self, said: str, do: Callable[..., Any], *given: Any, **named: Any) -> None:
		with self.assertRaisesRegex(UsageError, said):
			do(*given, **named)

	def test_opened_by_hand(self) -> None:
		name = self.opened(description="smtp: password=geheim123 refused", category="Vendor")
		doc = self.doc(name)
		self.assertEqual(
			(doc.status, doc.severity, doc.category, doc.source), ("Detected", "S2", "Vendor", "Person")
		)
		self.assertEqual(utc(doc.first_seen), NOW)
		self.assertTrue(doc.acknowledge_due and doc.open_key and doc.next_due)
		self.assertNotIn("geheim123", doc.description + timeline.read(name)[0].detail)
		self.assertEqual(self.told(name), [("Opened", WHO)])

	def test_the_same_title_is_the_same_incident_while_it_is_open(self) -> None:
		name = self.opened()
		self.assertEqual(self.opened("mail does  NOT go out", description="still"), name)
		self.assertEqual(self.told(name), [("Opened", WHO), ("Seen", WHO)])
		actions.set_status(name, "Resolved", actor=WHO, note="The provider is back.")
		self.assertNotEqual(self.opened(), name)

	def test_a_diagnosis_neither_ends_nor_reopens_what_a_person_opened(self) -> None:
		name = self.opened(check=CHECK)
		for hour in range(3):
			self.follow(report(hours=hour))
		self.assertEqual(self.doc(name).status, "Detected")

	def test_the_whole_life(self) -> None:
		name = self.opened()
		moments = {}
		for hour, (status, note) in enumerate(
			[("Acknowledged", ""), ("Investigating", ""), ("Mitigated", ""), ("Resolved", "Ended.")], 1
		):
			moments[status] = NOW + timedelta(hours=hour)
			actions.set_status(name, status, actor=WHO, note=note, now=moments[status])
		doc = self.doc(name)
		self.assertEqual(
			[utc(doc.get(field)) for field in ("acknowledged_at", "mitigated_at", "resolved_at")],
			[moments["Acknowledged"], moments["Mitigated"], moments["Resolved"]],
		)
		self.assertEqual((doc.responder, doc.mitigated_by, doc.open_key), (WHO, WHO, None))
		self.assertTrue(frappe.db.exists("Incident Review", {"incident": name}))
		self.refused("review is signed", actions.set_status, name, "Closed", actor=WHO)
		actions.set_status(name, "Closed", actor=WHO, note="A rehearsal.")
		self.assertTrue(self.doc(name).closed_at)
		self.refused("is closed", actions.set_status, name, "Reopened", actor=WHO, note="x")
		events = [event for event, _actor in self.told(name)]
		self.assertEqual(events[:2], ["Opened", "Status"])
		self.assertIn("Resolved", events)

	def test_reopened_by_a_person_it_waits_for_somebody_again(self) -> None:
		name = self.opened()
		actions.set_status(name, "Resolved", actor=WHO, note="Ended.")
		self.refused("Reopened needs a note", actions.set_status, name, "Reopened", actor=WHO)
		actions.set_status(name, "Reopened", actor=WHO, note="It is back.")
		doc = self.doc(name)
		self.assertEqual((doc.resolved_at, doc.acknowledged_at), (None, None))
		self.assertTrue(doc.open_key)

	def test_a_status_that_it_has_already_is_a_note(self) -> None:
		name = self.opened()
		actions.set_status(name, "Detected", actor=WHO, note="I see it too.")
		self.assertEqual(self.told(name)[-1], ("Note", WHO))

	def test_severity_with_reason(self) -> None:
		name = self.opened()
		before = self.doc(name).mitigate_due
		self.refused("needs a reason", actions.set_severity, name, "S1", "", actor=WHO)
		self.refused("may mean", actions.set_severity, name, "P1", "The whole club waits.", actor=WHO)
		actions.set_severity(name, "S1", "The whole club waits.", actor=WHO, now=NOW)
		doc = self.doc(name)
		self.assertEqual((doc.severity, doc.severity_reason), ("S1", "The whole club waits."))
		self.assertLess(doc.mitigate_due, before)
		self.assertEqual(self.told(name)[-1], ("Severity", WHO))

	def test_snoozed_until_it_is_worse(self) -> None:
		name = self.opened(severity="S3")
		until = NOW + timedelta(days=2)
		self.refused("past", actions.snooze, name, NOW, "The provider works on it.", actor=WHO, now=NOW)
		actions.snooze(name, until, "The provider works on it.", actor=WHO, now=NOW)
		doc = self.doc(name)
		self.assertEqual((doc.status, utc(doc.snoozed_until)), ("Acknowledged", until))
		actions.set_severity(name, "S2", "More people wait now.", actor=WHO, now=NOW + timedelta(hours=1))
		doc = self.doc(name)
		self.assertEqual((doc.snoozed_until, doc.snooze_reason), (None, None))
		self.refused("not snoozed", actions.wake, name, actor=WHO)

	def test_a_snooze_may_be_ended(self) -> None:
		name = self.opened()
		actions.snooze(name, NOW + timedelta(hours=2), "Lunch, then on with it.", actor=WHO, now=NOW)
		actions.wake(name, actor=WHO, now=NOW + timedelta(hours=1))
		self.assertIsNone(self.doc(name).snoozed_until)
		self.assertEqual([event for event, _actor in self.told(name)][-2:], ["Snoozed", "Continued"])

	def test_paused_for_the_vendor_and_continued(self) -> None:
		name = self.opened()
		self.refused("reason", actions.pause, name, "Vendor", "", actor=WHO, now=NOW)
		self.refused("", actions.pause, name, "Weather", "It rains all day.", actor=WHO, now=NOW)
		before = self.doc(name).resolve_due
		actions.pause(name, "Vendor", "Ticket 4711 is open.", actor=WHO, now=NOW)
		doc = self.doc(name)
		self.assertEqual((doc.pause_kind, utc(doc.paused_since)), ("Vendor", NOW))
		actions.go_on(name, actor=WHO, now=NOW + timedelta(hours=3))
		doc = self.doc(name)
		self.assertEqual((doc.paused_since, doc.pause_kind, doc.pause_reason), (None, None, None))
		self.assertEqual(before is None, doc.resolve_due is None)

	def test_assigned_in_frappe_too(self) -> None:
		name, operator = self.opened(), self.user_with("Recovery Operator")
		actions.assign(name, operator, actor=WHO)
		todo = {
			"reference_type": "Incident",
			"reference_name": name,
			"allocated_to": operator,
			"status": "Open",
		}
		self.assertEqual(self.doc(name).responder, operator)
		self.assertTrue(frappe.db.exists("ToDo", todo))
		self.refused("cannot work on incidents", actions.assign, name, self.user_with(), actor=WHO)
		self.refused("cannot work on incidents", actions.assign, name, "nobody@example.org", actor=WHO)
		actions.assign(name, "", actor=WHO)
		self.assertIsNone(self.doc(name).responder)
		self.assertFalse(frappe.db.exists("ToDo", todo))

	def test_merged_the_duplicate_lives_on_in_the_other(self) -> None:
		self.follow(report("mail"))
		found = frappe.db.get_value("Incident", {"fingerprint": f"{CHECK}:mail"})
		name = self.opened(description="Nobody gets mail.")
		child = self.opened("A consequence")
		frappe.db.set_value("Incident", child, "parent_incident", found)
		actions.merge(found, name, actor=WHO, now=NOW)
		self.assertEqual((self.doc(found).status, self.doc(found).merged_into), ("Closed", name))
		self.assertEqual(self.doc(child).parent_incident, name)
		self.follow(report("mail", hours=1))
		self.assertEqual(frappe.db.count("Incident", {"fingerprint": f"{CHECK}:mail"}), 1)
		self.assertEqual(self.told(found)[-1], ("Merged", WHO))
		self.refused("merged into", actions.merge, found, name, actor=WHO)
		self.refused("itself", actions.merge, name, name, actor=WHO)

	def test_merging_a_parent_into_its_child_leaves_no_circle(self) -> None:
		parent, child = self.opened("above"), self.opened("below")
		frappe.db.set_value("Incident", child, "parent_incident", parent)
		actions.merge(parent, child, actor=WHO)
		self.assertIn(self.doc(child).parent_incident, ("", None))

	def test_merging_into_what_stands_far_below_leaves_no_circle(self) -> None:
		top, middle, below = self.opened("top"), self.opened("middle"), self.opened("below")
		frappe.db.set_value("Incident", middle, "parent_incident", top)
		frappe.db.set_value("Incident", below, "parent_incident", middle)
		actions.merge(top, below, actor=WHO)
		self.assertEqual(self.doc(middle).parent_incident, below)
		self.assertIn(self.doc(below).parent_incident, ("", None), "nobody would be called about either")

	def test_a_log_that_somebody_pasted_keeps_no_incident_from_opening(self) -> None:
		name = self.opened(description="\U0001f525 it burns\n" * 20_000)
		self.assertTrue(self.doc(name).description.endswith("\u2026"))
		actions.note(name, "<" * 100_000, actor=WHO)
		self.told(name)

	def test_a_comment_is_a_note_in_the_timeline(self) -> None:
		name = self.opened()
		self.doc(name).add_comment("Comment", "<p>The disk is <b>full</b>.</p>")
		[*_rest, line] = timeline.read(name)
		self.assertEqual((line.event, line.detail), ("Note", "The disk is full."))
		self.assertEqual(line.reference[0], "Comment")

	def test_words_of_a_person_are_kept_without_secrets_and_told(self) -> None:
		name = self.opened()
		doc = self.doc(name)
		doc.update({"business_impact": "No invoices; api_key=abcdef1234567890abcdef", "category": "Vendor"})
		doc.save()
		doc.reload()
		self.assertNotIn("abcdef1234567890abcdef", doc.business_impact)
		self.assertEqual(self.told(name)[-2:], [("Note", WHO), ("Note", WHO)])

	def test_the_status_is_not_changed_behind_its_rules(self) -> None:
		doc = self.doc(self.opened())
		doc.status = "Acknowledged"
		with self.assertRaisesRegex(frappe.ValidationError, "buttons of the incident"):
			doc.save()


class TestIncidentApi(SiteTestCase):
	"""The same over HTTP, by role."""

	def setUp(self) -> None:
		super().setUp()
		self.name = actions.open_by_hand("Mail does not go out", severity="S2", actor=WHO)

	def asks(self) -> dict[str, Callable[[], Any]]:
		soon = str(local(NOW + timedelta(hours=5)))
		return {
			"open": lambda: api_incidents.open_incident("Another", "S3"),
			"act": lambda: api_incidents.act(self.name, "acknowledge"),
			"severity": lambda: api_incidents.set_severity(self.name, "S1", "The whole club waits."),
			"note": lambda: api_incidents.note(self.name, "seen"),
			"snooze": lambda: api_incidents.snooze(self.name, soon, "Waiting for the night."),
			"wake": lambda: api_incidents.wake(self.name),
			"pause": lambda: api_incidents.pause(self.name, "Vendor", "Ticket 4711 is open."),
			"go_on": lambda: api_incidents.go_on(self.name),
			"assign": lambda: api_incidents.assign(self.name, frappe.session.user),
			"list": api_incidents.incidents,
			"read": lambda: api_incidents.incident(self.name),
			"severities": api_incidents.severities,
		}

	def test_an_operator_does_all_of_an_operators(self) -> None:
		self.act_as(self.user_with("Recovery Operator"))
		for name, ask in self.asks().items():
			with self.subTest(name):
				ask()
		self.assertEqual(frappe.db.get_value("Incident", self.name, "severity"), "S1")

	def test_what_is_a_managers_is_refused_to_an_operator(self) -> None:
		other = actions.open_by_hand("Mail is slow", severity="S3", actor=WHO)
		actions.set_status(self.name, "Resolved", actor=WHO, note="Ended.")
		soon = str(local(NOW + timedelta(hours=5)))
		asks = {
			"close": lambda: api_incidents.act(self.name, "close", "A rehearsal."),
			"merge": lambda: api_incidents.merge(other, self.name),
			"silence": lambda: api_incidents.silence("The provider moves.", soon, "Family", "email"),
		}
		self.act_as(self.user_with("Recovery Operator"))
		for name, ask in asks.items():
			with self.subTest(name):
				self.assertRaises(frappe.PermissionError, ask)
		self.assertNotIn("close", api_incidents.incident(self.name)["acts"])
		self.act_as(self.user_with("Recovery Manager"))
		for name, ask in reversed(asks.items()):
			with self.subTest(name):
				ask()
		self.assertEqual(frappe.db.get_value("Incident", other, "merged_into"), self.name)

	def test_mallory_gets_nothing(self) -> None:
		for user in (self.user_with(), "Guest"):
			self.act_as(user)
			for name, ask in self.asks().items():
				with self.subTest(f"{user}: {name}"):
					self.assertRaises(frappe.PermissionError, ask)
			self.assertRaises(frappe.PermissionError, api_incidents.incident, "RC-INC-0000")

	def test_what_makes_no_sense_is_refused_with_what_to_do(self) -> None:
		for said, ask in (
			("two scales", lambda: api_incidents.open_incident("x", "P1")),
			("no act", lambda: api_incidents.act(self.name, "ignore")),
			("no date", lambda: api_incidents.snooze(self.name, "tomorrow", "Waiting for the night.")),
			("no status", lambda: api_incidents.incidents("Sleeping")),
		):
			with self.subTest(said), self.assertRaisesRegex(frappe.ValidationError, said):
				ask()
		self.assertRaises(frappe.DoesNotExistError, api_incidents.act, "RC-INC-0000", "acknowledge")

	def test_lists_and_one(self) -> None:
		child = actions.open_by_hand("Mail is slow", severity="S3", actor=WHO)
		frappe.db.set_value("Incident", child, "parent_incident", self.name)
		names = {row["name"]: row for row in api_incidents.incidents(limit=200)}
		self.assertEqual((names[self.name]["beneath"], child in names), (1, False))
		self.assertIn(child, [row["name"] for row in api_incidents.incidents(beneath=1, limit=200)])
		self.assertEqual(api_incidents.incidents("Closed", "S2", limit=1)[:0], [])
		found = api_incidents.incident(self.name)
		self.assertEqual([row["name"] for row in found["beneath"]], [child])
		self.assertIn("P2 on a scale", found["severity_in_full"])
		self.assertEqual(found["acts"], ["acknowledge", "investigate", "mitigate", "resolve"])
		self.assertNotIn("clocks", found)
