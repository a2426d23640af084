"""Notices, on a site: who is told when, held, collected and limited. Real servers and processes are in tests/bench."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import frappe
from frappe.utils import CallbackManager, add_to_date, now_datetime

from recovery_console import api_notices
from recovery_console.core.notices import State
from recovery_console.core.times import UTC
from recovery_console.in_site import local, notices
from recovery_console.in_site.notices import DOCTYPE, stamp
from recovery_console.testing import SiteTestCase

CHECK = "test.notices"
CHANNEL = "Test of Notices"
HOUR = timedelta(hours=1)
NASTY = "<img src=x onerror=alert(1)> & IBAN NL91ABNA0417164300"


class NoticeTestCase(SiteTestCase):
	"""Removes what delivering commits."""

	def setUp(self) -> None:
		super().setUp()
		self.incidents: list[str] = []
		self.addCleanup(self._remove)
		self.user = self.user_with("Recovery Manager")
		self.settings = {
			field: frappe.db.get_single_value("Recovery Settings", field)
			for field in ("quiet_from", "quiet_until", "daily_digest", "weekly_digest", "digest_at")
		}

	def _remove(self) -> None:
		frappe.db.rollback()
		for field, value in self.settings.items():
			frappe.db.set_single_value("Recovery Settings", field, value)
		frappe.db.delete(DOCTYPE, {"channel": ("like", f"{CHANNEL}%")})
		for name in self.incidents:
			frappe.db.delete(DOCTYPE, {"incident": name})
			frappe.db.delete("Notification Log", {"document_name": name})
			frappe.db.delete("Incident Event", {"incident": name})
			frappe.db.delete("Incident", {"name": name})
		frappe.db.delete("Notification Log", {"for_user": self.user})
		frappe.db.delete("Recovery Channel", {"name": ("like", f"{CHANNEL}%")})
		frappe.delete_doc("User", self.user, force=True, ignore_missing=True, ignore_permissions=True)
		frappe.db.commit()
		frappe.clear_document_cache("Recovery Settings", "Recovery Settings")

	def channel(self, name: str = CHANNEL, **values: Any) -> str:
		doc = frappe.new_doc("Recovery Channel")
		doc.update({"kind": "Desk", "address": self.user, "least_severity": "S4", **values})
		doc.insert(set_name=name)
		return name

	def incident(self, severity: str = "S3", title: str = "Mail is stuck", **values: Any) -> str:
		doc = frappe.new_doc("Incident")
		doc.update(
			{
				"title": title,
				"fingerprint": f"{CHECK}:{frappe.generate_hash()}",
				"check_id": CHECK,
				"severity": severity,
				"gravity": "warning",
				"first_seen": now_datetime(),
				**values,
			}
		)
		doc.flags.from_console = True
		doc.insert()
		self.incidents.append(doc.name)
		return doc.name

	def quiet(self, begins: str = "22:00:00", ends: str = "07:00:00") -> None:
		frappe.db.set_single_value("Recovery Settings", {"quiet_from": begins, "quiet_until": ends})
		frappe.clear_document_cache("Recovery Settings", "Recovery Settings")

	def rows(self, **filters: Any) -> list[Any]:
		"""What goes to our channels about our incidents, or about none: others may be at work on the site."""
		found = frappe.get_all(
			DOCTYPE,
			filters={"channel": ("like", f"{CHANNEL}%"), **filters},
			fields=["*"],
			order_by="creation asc",
		)
		return [row for row in found if not row.incident or row.incident in self.incidents]

	def states(self, **filters: Any) -> list[str]:
		return [row.state for row in self.rows(**filters)]

	def bell(self) -> list[Any]:
		found = frappe.get_all(
			"Notification Log",
			filters={"for_user": self.user},
			fields=["subject", "email_content", "document_type", "document_name"],
			order_by="creation asc",
		)
		return [row for row in found if row.document_type == DOCTYPE or row.document_name in self.incidents]


class TestTelling(NoticeTestCase):
	def test_what_is_told_is_in_the_bell_once_and_in_the_timeline(self) -> None:
		self.channel()
		name = self.incident(title="Mail & money", cause=NASTY)
		self.assertEqual(notices.tell("Opened", name, NASTY), 1)
		self.assertEqual(notices.tell("Opened", name, NASTY), 0)
		notices.deliver()
		notices.deliver()
		[told] = self.bell()
		self.assertEqual((told.document_type, told.document_name), ("Incident", name))
		for shown in (told.subject, told.email_content, self.rows()[0].detail):
			self.assertNotIn("<img", shown)
			self.assertNotIn("NL91ABNA0417164300", shown + self.rows()[0].message)
		[line] = frappe.get_all("Incident Event", filters={"incident": name}, fields=["event", "detail"])
		self.assertEqual(line.event, "Notified")
		self.assertEqual(line.detail, f"Told {self.user} (Desk, {CHANNEL}): Opened.")

	def test_who_is_beneath_another_merged_silenced_or_snoozed_brings_no_bad_news(self) -> None:
		self.channel()
		parent = self.incident()
		tomorrow = add_to_date(now_datetime(), days=1)
		for values in (
			{"parent_incident": parent},
			{"merged_into": parent},
			{"silenced_by": "a silence"},
			{"snoozed_until": tomorrow},
		):
			name = self.incident()
			frappe.db.set_value("Incident", name, values)
			for kind in ("Opened", "Worse", "Escalated", "Breached", "Reopened", "Resolved"):
				self.assertEqual(notices.tell(kind, name, now=datetime.now(UTC)), 0, (values, kind))
		frappe.db.set_value("Incident", name, "snoozed_until", add_to_date(now_datetime(), days=-1))
		self.assertEqual(notices.tell("Opened", name), 1)

	def test_the_end_is_told_to_those_who_know_of_the_beginning(self) -> None:
		self.channel()
		severe = self.channel(f"{CHANNEL} 2", least_severity="S1")
		name = self.incident("S3")
		self.assertEqual(notices.tell("Resolved", name), 0)
		notices.tell("Opened", name)
		frappe.db.set_value("Incident", name, "severity", "S1")
		self.assertEqual(notices.tell("Resolved", name), 1)
		self.assertEqual(self.rows(channel=severe), [])

	def test_who_knows_of_one_that_was_merged_hears_the_end_too(self) -> None:
		self.channel()
		known = self.incident()
		notices.tell("Opened", known)
		into = self.incident(title="Mail is stuck, too")
		self.assertEqual(notices.tell("Resolved", into), 0)
		frappe.db.set_value("Incident", known, "merged_into", into)
		self.assertEqual(notices.tell("Resolved", into), 1)

	def test_contacts_are_told_by_name(self) -> None:
		self.channel()
		contact = {"contact_name": "Anna", "user": self.user, "channel": "no such channel"}
		name = self.incident()
		self.assertEqual(notices.tell("Escalated", name, "E1.", contacts=[contact]), 1)
		notices.deliver()
		detail = frappe.db.get_value("Incident Event", {"incident": name}, "detail")
		self.assertEqual(detail, "Told Anna (Desk): Escalated.")

	def test_what_goes_wrong_with_a_notice_never_stops_who_tells(self) -> None:
		name = self.incident()
		self.assertEqual(notices.tell("No Such Kind", name), 0)
		self.assertTrue(frappe.db.exists("Incident", name))
		title = "Recovery Console: a notice could not be written"
		self.assertTrue(frappe.db.exists("Error Log", {"method": title}))

	def test_what_a_request_or_a_job_wrote_leaves_when_it_is_over(self) -> None:
		self.channel()
		for place, ends in (("request", "after_response"), ("job", "after_job")):
			callbacks = CallbackManager()
			before = getattr(frappe.local, place, None)
			setattr(frappe.local, place, SimpleNamespace(host="", **{ends: callbacks}))
			try:
				name = self.incident()
				notices.tell("Opened", name)
				frappe.db.commit()
			finally:
				setattr(frappe.local, place, before)
			self.assertNotIn(name, [told.document_name for told in self.bell()])
			callbacks.run()
			self.assertIn(name, [told.document_name for told in self.bell()], place)

	def test_a_storm_is_told_once_with_what_is_beneath(self) -> None:
		self.channel()
		parent = self.incident("S1", "Redis is down")
		notices.tell("Opened", parent)
		for _number in range(25):
			child = self.incident()
			frappe.db.set_value("Incident", child, "parent_incident", parent)
			notices.tell("Opened", child)
		notices.deliver()
		[told] = self.bell()
		self.assertIn("Redis is down", told.subject)
		self.assertIn("not told one by one: 25", told.email_content)

	def test_a_duty_is_told_though_it_is_about_no_incident(self) -> None:
		self.channel()
		self.assertEqual(notices.tell("Duty Due", "", "Look at the backups of test"), 1)
		self.assertEqual(notices.tell("Duty Due", "", "Look at the backups of test"), 0)
		notices.deliver()
		[told] = self.bell()
		self.assertIn("Look at the backups of test", told.subject)


class TestHolding(NoticeTestCase):
	def at(self, clock: str, days: int = 0) -> datetime:
		"""A moment at which the clocks of the site show this, tomorrow or later."""
		hour, minute = clock.split(":")
		day = now_datetime().replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
		from recovery_console.in_site import utc

		return utc(day + timedelta(days=1 + days))

	def test_in_quiet_hours_only_the_worst_is_told_and_the_rest_in_the_morning_in_one(self) -> None:
		self.channel()
		self.quiet()
		night, morning = self.at("23:30"), self.at("07:00", 1)
		worst, *others = [self.incident(severity) for severity in ("S2", "S3", "S4")]
		for name in (worst, *others):
			notices.tell("Opened", name, now=night)
		self.assertEqual(self.states(), ["Waiting", "Held", "Held"])
		notices.deliver(night)
		self.assertEqual([told.document_name for told in self.bell()], [worst])
		notices.deliver(morning - timedelta(minutes=1))
		self.assertEqual(len(self.bell()), 1)
		notices.deliver(morning)
		notices.deliver(morning + HOUR)
		[_first, collected] = self.bell()
		self.assertIn("2 notices in one", collected.subject)
		for name in others:
			self.assertIn(name, collected.email_content)
			line = frappe.db.get_value("Incident Event", {"incident": name}, "detail")
			self.assertEqual(line, f"Told {self.user} together with others: Opened.")
		self.assertEqual(self.states(kind="Opened"), ["Sent", "Collected", "Collected"])

	def test_one_that_was_held_alone_is_told_by_itself(self) -> None:
		self.channel()
		self.quiet()
		name = self.incident()
		notices.tell("Opened", name, now=self.at("23:30"))
		notices.deliver(self.at("07:01", 1))
		self.assertEqual([told.document_name for told in self.bell()], [name])
		self.assertEqual(self.states(), ["Sent"])

	def test_a_channel_that_ignores_quiet_hours_is_told_at_night(self) -> None:
		self.channel(ignores_quiet_hours=1)
		self.quiet()
		notices.tell("Opened", self.incident("S4"), now=self.at("23:30"))
		self.assertEqual(self.states(), ["Waiting"])

	def test_what_becomes_severe_at_night_makes_what_was_held_stale(self) -> None:
		self.channel()
		self.quiet()
		night = self.at("23:30")
		name = self.incident("S3")
		notices.tell("Opened", name, now=night)
		frappe.db.set_value("Incident", name, "severity", "S1")
		notices.tell("Worse", name, "It was S3.", now=night + HOUR)
		notices.deliver(night + HOUR)
		self.assertEqual(self.states(), ["Collected", "Sent"])
		notices.deliver(self.at("07:01", 1))
		self.assertEqual(len(self.bell()), 1)

	def test_more_than_a_channel_takes_in_an_hour_come_in_one(self) -> None:
		self.channel(most_per_hour=3)
		now = datetime.now(UTC)
		for _number in range(10):
			notices.tell("Opened", self.incident("S2"), now=now)
		notices.deliver(now)
		self.assertEqual(sorted(self.states()), ["Held"] * 7 + ["Sent"] * 3)
		notices.tell("Opened", self.incident("S1"), now=now)
		notices.deliver(now)
		self.assertEqual(self.states(severity="S1"), ["Sent"])
		notices.deliver(now + HOUR + timedelta(minutes=1))
		self.assertIn("7 notices in one", self.bell()[-1].subject)
		self.assertEqual(len(self.bell()), 5)
		self.assertEqual(self.states(state="Held"), [])


class TestDigests(NoticeTestCase):
	def test_a_digest_tells_the_day_once(self) -> None:
		self.channel(digests=1)
		frappe.db.delete(DOCTYPE, {"kind": "Digest", "detail": "Daily"})
		yesterday = add_to_date(now_datetime(), days=-1, hours=1)
		opened = self.incident("S2", "Opened yesterday")
		frappe.db.set_value("Incident", opened, {"creation": yesterday, "first_seen": yesterday})
		self._digest_of_now()
		now = datetime.now(UTC)
		self.assertEqual(notices.digest(now), 1)
		self.assertEqual(notices.digest(now), 0)
		self.assertEqual(notices.digest(now + 23 * HOUR), 0)
		notices.deliver(now)
		[told] = self.bell()
		self.assertIn("Daily digest", told.subject)
		self.assertIn("Opened yesterday", told.email_content)
		self.assertIn("Figures", told.email_content)

	def test_nobody_who_did_not_ask_gets_one(self) -> None:
		self.channel(digests=0)
		self._digest_of_now()
		notices.digest(datetime.now(UTC))
		self.assertEqual(self.rows(kind="Digest"), [])

	def _digest_of_now(self) -> None:
		"""Let the daily digest be due a moment ago."""
		at = f"{local(datetime.now(UTC)):%H:%M}:00"
		frappe.db.set_single_value(
			"Recovery Settings", {"daily_digest": 1, "weekly_digest": 0, "digest_at": at}
		)
		frappe.clear_document_cache("Recovery Settings", "Recovery Settings")


class TestKeeping(NoticeTestCase):
	def old(self, name: str, state: str) -> str:
		notices.tell("Opened", name, frappe.generate_hash())
		row = self.rows(incident=name)[-1]
		long_ago = add_to_date(now_datetime(), days=-100)
		values = {"state": state, "creation": long_ago}
		frappe.db.set_value(DOCTYPE, row.name, values, update_modified=False)
		return row.name

	def test_old_notices_go_but_those_that_are_needed(self) -> None:
		self.channel()
		over, still_open = self.incident(), self.incident()
		frappe.db.set_value("Incident", over, "status", "Closed")
		gone = self.old(over, "Sent")
		waiting, needed = self.old(over, "Failed"), self.old(still_open, "Sent")
		notices.tell("Duty Due", "", "An old duty of test")
		duty = self.rows(kind="Duty Due")[0].name
		frappe.db.set_value(
			DOCTYPE, duty, {"creation": add_to_date(now_datetime(), days=-100), "state": "Sent"}
		)
		frappe.get_doc(DOCTYPE, needed).clear_old_logs(90)
		left = {row.name for row in self.rows()}
		self.assertEqual(left & {gone, waiting, needed, duty}, {waiting, needed})

	def test_nobody_writes_changes_or_deletes_one(self) -> None:
		self.channel()
		notices.tell("Opened", self.incident())
		doc = frappe.get_doc(DOCTYPE, self.rows()[0].name)
		doc.address = "eve@example.org"
		for change in (doc.save, doc.delete):
			with self.assertRaisesRegex(frappe.ValidationError, "by the console alone"):
				change()
		for role, may in (("Recovery Operator", True), ("System Manager", True), (None, False)):
			user = self.user_with(*([role] if role else []))
			self.assertEqual(frappe.has_permission(DOCTYPE, "read", user=user), may, role)
			for right in ("write", "create", "delete"):
				self.assertFalse(frappe.has_permission(DOCTYPE, right, user=user), (role, right))

	def test_what_was_given_up_is_sent_again_on_request_by_a_manager(self) -> None:
		self.channel()
		name = self.incident()
		notices.tell("Opened", name)
		row = self.rows()[0]
		with self.assertRaisesRegex(frappe.ValidationError, "was not given up"):
			api_notices.send_again(row.name)
		frappe.db.set_value(DOCTYPE, row.name, {"state": State.GIVEN_UP.value, "attempts": 9})
		self.assertEqual(api_notices.send_again(row.name)["state"], "Sent")
		self.assertEqual(len(self.bell()), 1)
		self.act_as(self.user_with("Recovery Operator"))
		with self.assertRaises(frappe.PermissionError):
			api_notices.send_again(row.name)

	def test_a_channel_that_is_gone_gives_up_and_somebody_is_told_in_desk(self) -> None:
		self.channel()
		name = self.incident()
		notices.tell("Opened", name)
		frappe.delete_doc("Recovery Channel", CHANNEL)
		notices.deliver()
		self.assertEqual(self.states(), ["Given Up"])
		[told] = self.bell()  # a Recovery Manager
		self.assertIn("did not work", told.email_content)
		notices.tell("Resolved", name)
		notices.deliver()
		self.assertIn("Resolved", self.bell()[-1].subject)  # who was told instead is told of the end

	def test_an_earlier_notice_comes_first(self) -> None:
		self.channel()
		name = self.incident()
		now = datetime.now(UTC)
		notices.tell("Opened", name, now=now)
		later = {"state": "Failed", "next_attempt": stamp(now + HOUR)}
		frappe.db.set_value(DOCTYPE, self.rows()[0].name, later)
		notices.tell("Resolved", name, now=now)
		notices.deliver(now)
		self.assertEqual(self.bell(), [])
		notices.deliver(now + HOUR)
		notices.deliver(now + HOUR)
		self.assertEqual([row.kind for row in self.rows(state="Sent")], ["Opened", "Resolved"])
