"""The clocks and the sweeper, on a site, by a clock of our own."""

from datetime import datetime, timedelta, timezone
from typing import Any
from unittest.mock import patch

import frappe

from recovery_console.core import clocks as rules
from recovery_console.core.timeline import EventKind
from recovery_console.in_site import calls, clocks, incident_actions, notices, sweeping, timeline, utc
from recovery_console.testing import SiteTestCase

#: A Wednesday, far from now, so that nothing else on the site is swept for it.
NOON = datetime(2031, 3, 5, 12, tzinfo=timezone.utc)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
ACTOR = "Administrator"


class SweepingTestCase(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.settings(contacts=[], clocks=[], escalation=[])

	def settings(self, **tables: list[dict[str, Any]]) -> None:
		"""Set tables of Recovery Settings until the test ends."""
		doc = frappe.get_doc("Recovery Settings")
		before = {name: [row.as_dict() for row in doc.get(name)] for name in tables}
		if before == tables:
			return
		self._set_settings(tables)
		self.addCleanup(self._set_settings, before)

	def _set_settings(self, tables: dict[str, list[dict[str, Any]]]) -> None:
		frappe.db.rollback()
		doc = frappe.get_doc("Recovery Settings")
		for name, rows in tables.items():
			doc.set(name, rows)
		doc.save(ignore_permissions=True)
		frappe.db.commit()

	def incident(self, severity: str = "S1", at: datetime = NOON, **values: Any) -> str:
		"""Open an incident that is removed after the test."""
		title = f"A test of clocks {frappe.generate_hash(length=8)}"
		name = incident_actions.open_by_hand(title, severity=severity, actor=ACTOR, now=at, **values)
		frappe.db.commit()
		self.addCleanup(self.forget, name)
		return name

	def forget(self, name: str) -> None:
		frappe.db.rollback()
		frappe.db.delete("Incident Event", {"incident": name})
		frappe.db.delete("Recovery Notice", {"incident": name})
		frappe.db.delete("Incident Finding", {"parent": name})
		frappe.db.delete("Incident", {"name": name})
		frappe.db.commit()

	def sweep(self, name: str, at: datetime) -> None:
		sweeping.due(at, only=[name])

	def lines(self, name: str, *kinds: str) -> list[tuple[datetime, str]]:
		return [(line.at, line.detail) for line in timeline.read(name) if line.event in kinds]

	def told(self, name: str, kind: str) -> list[str]:
		"""Return the contacts who are told of something; the site's channels are others' business."""
		rows = frappe.get_all("Recovery Notice", {"incident": name, "kind": kind}, pluck="person")
		return sorted({person for person in rows if person})


class TestClocks(SweepingTestCase):
	def test_an_incident_shows_when_it_is_due_in_the_time_of_the_site(self) -> None:
		doc = frappe.get_doc("Incident", self.incident("S1"))
		self.assertEqual(utc(doc.acknowledge_due), NOON + 15 * MINUTE)
		self.assertEqual(utc(doc.mitigate_due), NOON + 4 * HOUR)
		self.assertEqual(utc(doc.resolve_due), NOON + 24 * HOUR)
		self.assertIsNone(doc.review_due)
		self.assertEqual(doc.next_due, rules.due_text(NOON))

	def test_each_thing_that_people_do_moves_the_clocks(self) -> None:
		name = self.incident("S1")
		incident_actions.set_status(name, "Acknowledged", actor=ACTOR, now=NOON + MINUTE)
		incident_actions.pause(name, "Vendor", "Their server", actor=ACTOR, now=NOON + HOUR)
		self.assertIsNone(frappe.db.get_value("Incident", name, "resolve_due"))
		self.assertEqual(utc(frappe.db.get_value("Incident", name, "paused_since")), NOON + HOUR)
		incident_actions.go_on(name, actor=ACTOR, now=NOON + 3 * HOUR)
		self.assertEqual(utc(frappe.db.get_value("Incident", name, "resolve_due")), NOON + 26 * HOUR)
		incident_actions.set_severity(name, "S2", "Not as bad", actor=ACTOR, now=NOON + 3 * HOUR)
		self.assertEqual(utc(frappe.db.get_value("Incident", name, "resolve_due")), NOON + 50 * HOUR)
		incident_actions.set_status(
			name, "Resolved", actor=ACTOR, note="It was the disk", now=NOON + 5 * HOUR
		)
		self.assertEqual(utc(frappe.db.get_value("Incident", name, "review_due")), NOON + 53 * HOUR)
		incident_actions.set_status(name, "Reopened", actor=ACTOR, note="It is back", now=NOON + 6 * HOUR)
		doc = frappe.get_doc("Incident", name)
		self.assertEqual(utc(doc.acknowledge_due), NOON + 7 * HOUR)
		self.assertIsNone(doc.review_due)
		self.assertIsNone(doc.acknowledge_breached)

	def test_the_sites_own_times_hold(self) -> None:
		self.settings(clocks=[{"severity": "S2", "acknowledge": "20 min", "business_hours": 0}])
		doc = frappe.get_doc("Incident", self.incident("S2"))
		self.assertEqual(utc(doc.acknowledge_due), NOON + 20 * MINUTE)
		self.assertEqual(utc(doc.mitigate_due), NOON + 8 * HOUR)

	def test_settings_that_came_there_by_another_way_leave_an_incident_with_clocks(self) -> None:
		self.settings(clocks=[{"severity": "S2", "acknowledge": "20 min"}])
		row = frappe.get_doc("Recovery Settings").clocks[0].name
		frappe.db.set_value("Recovery Clock", row, "acknowledge", "when I like")
		frappe.clear_document_cache("Recovery Settings", "Recovery Settings")
		doc = frappe.get_doc("Incident", self.incident("S2"))
		self.assertEqual(utc(doc.acknowledge_due), NOON + HOUR)

	def test_one_from_before_there_were_clocks_is_timed_from_when_it_was_first_seen(self) -> None:
		name = self.incident("S1")
		frappe.db.set_value("Incident", name, {"clocks": None, "next_due": None}, update_modified=False)
		incident_actions.set_status(name, "Acknowledged", actor=ACTOR, now=NOON + HOUR)
		self.assertEqual(utc(frappe.db.get_value("Incident", name, "acknowledge_due")), NOON + 15 * MINUTE)

	def test_what_stands_beneath_another_one_is_not_timed_and_starts_anew_when_it_stands_alone(self) -> None:
		parent, child = self.incident("S1"), self.incident("S2")
		doc = frappe.get_doc("Incident", child)
		doc.parent_incident = parent
		clocks.arranged(doc, NOON + MINUTE)
		self.assertEqual(doc.next_due, "")
		doc.parent_incident = None
		clocks.arranged(doc, NOON + 3 * HOUR)
		self.assertEqual(utc(doc.acknowledge_due), NOON + 4 * HOUR)
		self.assertEqual(doc.next_due, rules.due_text(NOON + 3 * HOUR))


class TestSweeping(SweepingTestCase):
	def test_a_breach_is_stamped_with_its_moment_and_told_once(self) -> None:
		name = self.incident("S1")
		for minutes in (16, 16, 44):
			self.sweep(name, NOON + minutes * MINUTE)
		self.assertEqual(
			utc(frappe.db.get_value("Incident", name, "acknowledge_breached")), NOON + 15 * MINUTE
		)
		breaches = self.lines(name, "Breached")
		self.assertEqual([at for at, _detail in breaches], [NOON + 15 * MINUTE])
		self.assertIn("acknowledged", breaches[0][1])

	def test_a_scheduler_that_stood_still_for_hours_loses_nothing(self) -> None:
		name = self.incident("S1")
		self.sweep(name, NOON + 5 * HOUR)
		self.assertEqual(
			[at for at, _detail in self.lines(name, "Breached")], [NOON + 15 * MINUTE, NOON + 4 * HOUR]
		)
		(call,) = self.lines(name, "Escalated")
		for tier in ("E1", "E2", "E3", "E4", "due 5 h ago"):
			self.assertIn(tier, call[1])
		self.assertEqual(frappe.db.get_value("Incident", name, "escalation_tier"), 4)

	def test_who_acknowledges_too_late_has_the_breach_in_the_timeline_all_the_same(self) -> None:
		name = self.incident("S1")
		incident_actions.set_status(name, "Acknowledged", actor=ACTOR, now=NOON + HOUR)
		frappe.db.commit()
		self.sweep(name, NOON + HOUR + MINUTE)
		self.assertEqual([at for at, _detail in self.lines(name, "Breached")], [NOON + 15 * MINUTE])
		self.assertEqual(self.lines(name, "Escalated"), [])

	def test_tiers_are_called_by_category_until_somebody_acknowledges(self) -> None:
		self.settings(
			contacts=[
				{"contact_name": "Olga", "tier": "E1", "category": "All", "email": "olga@example.org"},
				{"contact_name": "Dirk", "tier": "E2", "category": "Technical", "email": "dirk@example.org"},
				{"contact_name": "Sam", "tier": "E2", "category": "Security", "email": "sam@example.org"},
				{"contact_name": "Mia", "tier": "E3", "category": "All", "email": "mia@example.org"},
			]
		)
		name = self.incident("S1", category="Security")
		self.sweep(name, NOON)
		self.assertEqual(self.told(name, "Escalated"), ["Olga"])
		self.sweep(name, NOON + 15 * MINUTE)
		self.assertEqual(self.told(name, "Escalated"), ["Olga", "Sam"])
		incident_actions.set_status(name, "Acknowledged", actor=ACTOR, now=NOON + 20 * MINUTE)
		frappe.db.commit()
		self.sweep(name, NOON + 45 * MINUTE)
		self.assertEqual(self.told(name, "Escalated"), ["Olga", "Sam"])
		first, second = self.lines(name, "Escalated")
		self.assertIn("E1 (First responder)", first[1])
		self.assertIn("E2 (Security team). Told: Sam", second[1])

	def test_where_nobody_is_listed_the_managers_are_told_and_it_says_so(self) -> None:
		user = self.user_with("Recovery Manager")
		frappe.db.commit()
		self.addCleanup(self.remove, "User", user)
		name = self.incident("S1")
		self.sweep(name, NOON)
		(call,) = self.lines(name, "Escalated")
		self.assertIn("list nobody for E1 whom the console can reach: the site's managers were told", call[1])
		people = [person.name for person in calls.managers()]
		self.assertIn("Recovery Manager", people)
		for person in people:
			self.assertIn(person, call[1])

	def test_who_can_only_be_phoned_is_not_said_to_be_told(self) -> None:
		self.settings(
			contacts=[
				{"contact_name": "Fred Phone", "tier": "E1", "category": "All", "phone": "+31 20 123"},
				{
					"contact_name": "Vera Portal",
					"tier": "E1",
					"category": "All",
					"link": "https://example.org",
				},
			]
		)
		name = self.incident("S1")
		self.sweep(name, NOON)
		(call,) = self.lines(name, "Escalated")
		self.assertIn("list nobody for E1 whom the console can reach: the site's managers were told", call[1])
		self.assertIn("The console cannot reach Fred Phone, Vera Portal: call them", call[1])
		self.assertEqual(set(self.told(name, "Escalated")), {person.name for person in calls.managers()})

	def test_it_is_quiet_while_somebody_writes_and_calls_when_nobody_does(self) -> None:
		name = self.incident("S1")
		incident_actions.set_status(name, "Acknowledged", actor=ACTOR, now=NOON)
		incident_actions.note(name, "Looking at the disk", actor=ACTOR, now=NOON + 10 * MINUTE)
		frappe.db.commit()
		self.sweep(name, NOON + 16 * MINUTE)
		self.assertEqual(self.lines(name, "Escalated"), [])
		timeline.add(name, EventKind.CONTINUED, "What the console writes by itself", at=NOON + 20 * MINUTE)
		frappe.db.commit()
		self.sweep(name, NOON + 26 * MINUTE)
		(call,) = self.lines(name, "Escalated")
		self.assertIn("nothing was heard", call[1])

	def test_what_is_snoozed_wakes_by_itself_and_calls_nobody_until_then(self) -> None:
		name = self.incident("S2")
		incident_actions.snooze(name, NOON + 3 * HOUR, "A known thing", actor=ACTOR, now=NOON + MINUTE)
		frappe.db.commit()
		for hours in (1, 2):
			self.sweep(name, NOON + hours * HOUR)
		self.assertEqual(self.lines(name, "Escalated", "Continued"), [])
		self.sweep(name, NOON + 3 * HOUR)
		self.assertEqual(self.lines(name, "Continued"), [(NOON + 3 * HOUR, rules.WOKEN)])
		self.assertIsNone(frappe.db.get_value("Incident", name, "snoozed_until"))
		self.assertIsNone(frappe.db.get_value("Incident", name, "snooze_reason"))

	def test_what_a_silence_covers_is_timed_and_calls_nobody(self) -> None:
		name = self.incident("S1")
		frappe.db.set_value("Incident", name, "silenced_by", "a window", update_modified=False)
		frappe.db.commit()
		for minutes in (0, 16, 31, 61):
			self.sweep(name, NOON + minutes * MINUTE)
		self.assertEqual(self.lines(name, "Escalated"), [])
		self.assertEqual(len(self.lines(name, "Breached")), 1)
		frappe.db.set_value("Incident", name, "silenced_by", None, update_modified=False)
		frappe.db.commit()
		self.sweep(name, NOON + 80 * MINUTE)
		self.assertEqual(len(self.lines(name, "Escalated")), 1)

	def test_what_is_merged_or_beneath_another_one_is_left_alone(self) -> None:
		name = self.incident("S1")
		other = self.incident("S1")
		incident_actions.merge(name, other, actor=ACTOR, now=NOON)
		frappe.db.commit()
		self.sweep(name, NOON + 9 * HOUR)
		self.assertEqual(self.lines(name, "Escalated", "Breached"), [])

	def test_who_comes_second_changes_nothing_and_tells_nobody(self) -> None:
		"""Both sweepers have read the incident before either writes."""
		name = self.incident("S1")
		moment = NOON + HOUR
		(row,) = sweeping.past_due(moment, [name])
		for _sweeper in range(2):
			sweeping.sweep_one(row, moment)
		self.assertEqual(len(self.lines(name, "Breached")), 1)
		self.assertEqual(len(self.lines(name, "Escalated")), 1)

	def test_what_a_person_did_after_it_was_read_is_not_overwritten(self) -> None:
		name = self.incident("S1")
		(row,) = sweeping.past_due(NOON + HOUR, [name])
		incident_actions.set_status(name, "Mitigated", actor=ACTOR, now=NOON + 10 * MINUTE)
		frappe.db.commit()
		sweeping.sweep_one(row, NOON + HOUR)
		self.assertEqual(self.lines(name, "Escalated", "Breached"), [])
		self.assertEqual(frappe.db.get_value("Incident", name, "status"), "Mitigated")

	def test_who_has_it_open_in_desk_does_not_save_what_it_was_before(self) -> None:
		name = self.incident("S1")
		open_in_desk = frappe.get_doc("Incident", name)
		self.sweep(name, NOON + HOUR)
		open_in_desk.severity = "S2"
		with self.assertRaises(frappe.TimestampMismatchError):
			open_in_desk.save()

	def test_one_that_cannot_be_swept_is_tried_later_and_does_not_hold_up_the_others(self) -> None:
		broken, sound = self.incident("S1"), self.incident("S1")
		frappe.db.set_value("Incident", broken, "clocks", "{not JSON", update_modified=False)
		frappe.db.commit()
		sweeping.due(NOON + HOUR, only=[broken, sound])
		self.assertEqual(len(self.lines(sound, "Breached")), 1)
		self.assertEqual(frappe.db.get_value("Incident", broken, "next_due"), rules.due_text(NOON + 2 * HOUR))
		title = "Recovery Console: a part of the sweep failed"
		field = "method"
		self.assertTrue(frappe.db.exists("Error Log", {field: title}))
		frappe.db.delete("Error Log", {field: title})
		frappe.db.commit()

	def test_a_part_that_fails_keeps_no_other_from_its_work(self) -> None:
		done = []
		with (
			patch.object(sweeping, "PARTS", (("no_such_module", "x"), ("sweeping", "due"))),
			patch.object(sweeping, "due", done.append),
		):
			sweeping.sweep(NOON)
		self.assertEqual(done, [NOON])
		frappe.db.delete("Error Log", {"method": "Recovery Console: a part of the sweep failed"})
		frappe.db.commit()

	def test_a_notice_that_cannot_be_written_takes_no_breach_away(self) -> None:
		name = self.incident("S1")
		with patch.object(notices, "_tell", side_effect=ValueError("no room")):
			self.sweep(name, NOON + 16 * MINUTE)
		self.assertEqual(len(self.lines(name, "Breached")), 1)
		frappe.db.delete("Error Log", {"method": "Recovery Console: a notice could not be written"})
		frappe.db.commit()

	def test_the_scheduler_knows_the_sweeper(self) -> None:
		self.assertIn("recovery_console.tasks.sweep", frappe.get_hooks("scheduler_events")["all"])
