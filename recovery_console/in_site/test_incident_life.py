"""How incidents open and end on a site: confirmed, silenced, in a storm, after a repair."""

from datetime import datetime, timedelta, timezone
from typing import Any

import frappe

from recovery_console.core.timeline import first_broken
from recovery_console.in_site import incident_actions as actions
from recovery_console.in_site import incidents, local, notices, silences, suspects, timeline
from recovery_console.testing import SiteTestCase

NOW = datetime.now(timezone.utc).replace(microsecond=0)
MINUTE = timedelta(minutes=1)
CHECK = "test.only"
FAMILY = "test"


def finding(fingerprint: str, severity: str = "warning", caused_by: tuple[str, ...] = ()) -> dict[str, Any]:
	return {
		"fingerprint": fingerprint,
		"severity": severity,
		"title": f"{fingerprint} is wrong",
		"cause": "why",
		"remedy": "what to do",
		"count": 1,
		"subjects": [{"doctype": "Email Queue", "name": fingerprint}],
		"evidence": {},
		"caused_by": list(caused_by),
	}


def report(
	*findings: dict[str, Any], at: datetime = NOW, checks: tuple[str, ...] = (CHECK,)
) -> dict[str, Any]:
	"""Build a report in which the checks of all findings looked, and those named."""
	ids = dict.fromkeys((*(each["fingerprint"].partition(":")[0] for each in findings), *checks))
	return {
		"started": at.isoformat(),
		"checks": [
			{
				"id": check,
				"family": check.partition(".")[0],
				"status": "ok",
				"findings": [each for each in findings if each["fingerprint"].partition(":")[0] == check],
			}
			for check in ids
		],
	}


def of(*checks: str) -> list[Any]:
	return frappe.get_all(
		"Incident", filters={"check_id": ("in", checks or (CHECK,))}, fields=["*"], limit_page_length=0
	)


class TestConfirmation(SiteTestCase):
	"""A blip opens nothing."""

	def look(self, *findings: dict[str, Any], minutes: int = 0) -> None:
		at = NOW + minutes * MINUTE
		self.follow(report(*findings, at=at), confirm_looks=2, confirm_of=3)

	def suspected(self) -> Any:
		[row] = frappe.get_all("Suspected Problem", filters={"check_id": CHECK}, fields=["*"])
		return row

	def test_a_look_between_two_diagnoses_opens_nothing_that_an_open_incident_may_explain(self) -> None:
		cause, effect = finding("sepa.batch_failed:test"), finding("sepa.invoice_starved:test")
		self.follow(report(cause), "")
		self.follow(report(effect, at=NOW + MINUTE, checks=()), "")
		self.assertEqual(of("sepa.invoice_starved"), [], "the cause was not asked")
		self.follow(report(effect, at=NOW + 2 * MINUTE, checks=("sepa.batch_failed",)), "")
		self.assertEqual(len(of("sepa.invoice_starved")), 1, "the cause was asked, and is gone")

	def test_the_second_look_of_three_opens_it(self) -> None:
		self.look(finding(CHECK))
		self.assertEqual((of(), self.suspected().state, self.suspected().looks), ([], "Suspected", "1"))
		self.look(minutes=4)
		self.look(finding(CHECK), minutes=8)
		[incident] = of()
		row = self.suspected()
		self.assertEqual((row.state, row.incident, row.times_seen), ("Confirmed", incident.name, 2))

	def test_a_blip_is_kept_and_opens_nothing(self) -> None:
		self.look(finding(CHECK))
		for minutes in (4, 8):
			self.look(minutes=minutes)
		self.assertEqual((of(), self.suspected().state, self.suspected().looks), ([], "Passed", "100"))
		self.look(finding(CHECK), minutes=60)
		self.assertEqual((self.suspected().state, self.suspected().looks), ("Suspected", "1"))

	def test_two_looks_in_one_minute_are_one(self) -> None:
		for _time in range(2):
			self.look(finding(CHECK))
		self.assertEqual((of(), self.suspected().looks), ([], "1"))

	def test_settings_that_say_nothing_mean_two_of_three(self) -> None:
		for minutes in (0, 4):
			self.follow(
				report(finding(CHECK), at=NOW + minutes * MINUTE), confirm_looks=None, confirm_of=None
			)
			self.assertEqual(len(of()), minutes // 4)

	def test_old_suspicions_are_let_go(self) -> None:
		self.look(finding(CHECK))
		for minutes in (4, 8):
			self.look(minutes=minutes)
		suspects.thin(NOW)
		self.assertTrue(self.suspected())
		suspects.thin(NOW + suspects.KEPT + timedelta(days=1))
		self.assertFalse(frappe.get_all("Suspected Problem", filters={"check_id": CHECK}))


class TestRecheck(SiteTestCase):
	"""Between two diagnoses the checks that matter look again; with a real problem of this site."""

	PROBLEM = "email.stuck_sending"

	def setUp(self) -> None:
		super().setUp()
		self.forget()
		self.addCleanup(self.forget)
		mail = frappe.new_doc("Email Queue")
		mail.update({"sender": "a@example.org", "message": "x", "status": "Sending", "priority": 1})
		mail.append("recipients", {"recipient": "b@example.org", "status": "Not Sent"})
		mail.insert(ignore_permissions=True)
		self.mail = mail.name
		old = frappe.utils.add_to_date(None, hours=-30)
		for doctype, filters in (
			("Email Queue", self.mail),
			("Email Queue Recipient", {"parent": self.mail}),
		):
			frappe.db.set_value(doctype, filters, {"modified": old, "creation": old}, update_modified=False)
		frappe.db.commit()

	def forget(self) -> None:
		frappe.db.rollback()
		for name in frappe.get_all("Incident", {"check_id": self.PROBLEM}, pluck="name"):
			frappe.delete_doc("Incident", name, force=True, ignore_permissions=True)
		frappe.db.delete("Suspected Problem", {"check_id": self.PROBLEM})
		for row in frappe.get_all("Email Queue", {"sender": "a@example.org"}, pluck="name"):
			frappe.delete_doc("Email Queue", row, force=True, ignore_permissions=True)
		frappe.db.commit()

	def test_a_suspected_problem_is_confirmed_by_its_check_alone(self) -> None:
		self.follow(report(finding(self.PROBLEM), at=NOW), confirm_looks=2, confirm_of=3)
		self.assertEqual(of(self.PROBLEM), [])
		incidents.recheck(NOW + MINUTE)
		self.assertEqual(of(self.PROBLEM), [], "too soon to look again")
		incidents.recheck(NOW + 4 * MINUTE)
		[incident] = of(self.PROBLEM)
		self.assertEqual(incident.status, "Detected")
		self.assertIn("Sending", incident.title)

	def test_after_a_repair_it_is_resolved_by_two_good_looks(self) -> None:
		self.follow(report(finding(self.PROBLEM), at=NOW))
		[incident] = of(self.PROBLEM)
		actions.set_status(incident.name, "Mitigated", actor="Administrator", now=NOW + MINUTE)
		frappe.db.set_value("Email Queue", self.mail, "status", "Sent")
		frappe.db.commit()
		for minutes, status in ((2, "Mitigated"), (5, "Mitigated"), (6, "Mitigated"), (9, "Resolved")):
			incidents.recheck(NOW + minutes * MINUTE)
			[incident] = of(self.PROBLEM)
			self.assertEqual(incident.status, status, f"after {minutes} minutes")
		events = [line.event for line in timeline.read(incident.name)]
		self.assertEqual(
			[event for event in events if event in ("Recovered", "Resolved")], ["Recovered", "Resolved"]
		)


class TestSilence(SiteTestCase):
	"""Quiet, with an end and a reason, and nothing lost."""

	def silence(self, **more: Any) -> Any:
		doc = frappe.new_doc("Recovery Silence")
		doc.update(
			{
				"reason": "The provider moves.",
				"scope": "Problem",
				"target": CHECK,
				"starts": local(NOW - MINUTE),
				"ends": local(NOW + 60 * MINUTE),
				**more,
			}
		)
		return doc.insert()

	def test_what_it_covers_opens_nothing_is_counted_and_opens_when_it_is_over(self) -> None:
		name = self.silence().name
		for minutes in (0, 30):
			self.follow(report(finding(CHECK), at=NOW + minutes * MINUTE))
		self.assertEqual(of(), [])
		doc = frappe.get_doc("Recovery Silence", name)
		self.assertEqual((doc.covered_problems, doc.covered_times), (1, 2))
		self.assertEqual((doc.covered[0].fingerprint, doc.covered[0].times), (CHECK, 2))
		self.follow(report(finding(CHECK), at=NOW + 60 * MINUTE))
		self.assertEqual(len(of()), 1)

	def test_other_problems_open(self) -> None:
		self.silence()
		self.follow(report(finding(f"{CHECK}:other")))
		self.assertEqual([row.fingerprint for row in of()], [f"{CHECK}:other"])

	def test_an_incident_that_is_open_is_quiet_and_comes_back(self) -> None:
		self.follow(report(finding(CHECK), at=NOW - 10 * MINUTE))
		silence = self.silence().name
		self.follow(report(finding(CHECK)))
		[row] = of()
		self.assertEqual(row.silenced_by, silence)
		self.assertEqual(notices.tell("Worse", row.name, "x", now=NOW), 0)
		silences.end(silence, actor="anna@example.org", now=NOW + MINUTE)
		silences.cover_open(silences.holding(NOW + 2 * MINUTE), NOW + 2 * MINUTE)
		[row] = of()
		self.assertFalse(row.silenced_by)
		events = [line.event for line in timeline.read(row.name)]
		self.assertEqual(events, ["Seen", "Silenced", "Continued"])
		self.assertIsNone(first_broken(row.name, timeline.read(row.name)))

	def test_a_suspicion_does_not_grow_behind_it(self) -> None:
		self.silence()
		for minutes in (0, 30):
			self.follow(report(finding(CHECK), at=NOW + minutes * MINUTE), confirm_looks=2, confirm_of=3)
		self.follow(report(finding(CHECK), at=NOW + 61 * MINUTE), confirm_looks=2, confirm_of=3)
		self.assertEqual(of(), [])

	def test_the_whole_site_and_a_family(self) -> None:
		for given in ({"scope": "Whole Site"}, {"scope": "Family", "target": "email"}):
			with self.subTest(given):
				name = self.silence(**given).name
				self.follow(report(finding("email.stuck_sending:test")))
				self.assertEqual(frappe.db.get_value("Recovery Silence", name, "covered_problems"), 1)
				silences.end(name, actor="Administrator", now=NOW)

	def test_what_nobody_should_make_is_refused(self) -> None:
		for said, given in (
			("needs a reason", {"reason": "x"}),
			("at most 31 days", {"ends": local(NOW + timedelta(days=40))}),
			("over before it begins", {"ends": local(NOW - 2 * MINUTE)}),
			("There is no family", {"scope": "Family", "target": "weather"}),
			("There is no check", {"scope": "Check", "target": "email.weather"}),
			(
				"needs a day",
				{"repeats": "Weekly", "window_start": "22:00", "window_end": "02:00", "weekdays": ""},
			),
		):
			with self.subTest(said), self.assertRaisesRegex(frappe.ValidationError, said):
				self.silence(**given)

	def test_its_record_is_not_changed_or_deleted(self) -> None:
		name = self.silence().name
		self.follow(report(finding(CHECK)))
		doc = frappe.get_doc("Recovery Silence", name)
		doc.covered_times = 0
		doc.save()
		self.assertEqual(frappe.db.get_value("Recovery Silence", name, "covered_times"), 1)
		doc = frappe.get_doc("Recovery Silence", name)
		doc.covered = []
		with self.assertRaisesRegex(frappe.ValidationError, "written by the console alone"):
			doc.save()
		with self.assertRaisesRegex(frappe.ValidationError, "End it instead"):
			frappe.get_doc("Recovery Silence", name).delete()

	def test_maintenance_mode_is_a_silence_for_a_while_and_never_hides_itself(self) -> None:
		self.addCleanup(frappe.local.conf.pop, "maintenance_mode", None)
		frappe.local.conf["maintenance_mode"] = 1
		self.follow(report(finding(CHECK), finding("scheduler.maintenance:test")))
		self.assertEqual(
			[row.fingerprint for row in of(CHECK, "scheduler.maintenance")], ["scheduler.maintenance:test"]
		)
		[name] = frappe.get_all(
			"Recovery Silence", {"source": "Maintenance Mode", "ended_by": ("in", ["", None])}, pluck="name"
		)
		self.assertEqual(frappe.db.get_value("Recovery Silence", name, "covered_problems"), 1)
		frappe.local.conf["maintenance_mode"] = 0
		self.follow(report(finding(CHECK), at=NOW + MINUTE))
		self.assertEqual(len(of()), 1)
		self.assertEqual(frappe.db.get_value("Recovery Silence", name, "ended_by"), "Maintenance Mode")

	def test_maintenance_mode_that_was_forgotten_hides_nothing(self) -> None:
		self.addCleanup(frappe.local.conf.pop, "maintenance_mode", None)
		frappe.local.conf["maintenance_mode"] = 1
		self.follow(report(finding(CHECK)))
		self.assertEqual(of(), [])
		self.follow(report(finding(CHECK), at=NOW + silences.LONGEST_MAINTENANCE))
		self.assertEqual(len(of()), 1)


class TestStorm(SiteTestCase):
	"""500 findings in one run while Redis is down and mail is broken."""

	REDIS, MAIL, ROWS = "jobs.redis:test", "email.server:test", "data.rows"
	CHECKS = ("jobs.redis", "email.server", "data.rows", "jobs.workers")

	def findings(self) -> list[dict[str, Any]]:
		silent = [finding(f"jobs.workers:test{n}", "critical", (self.REDIS,)) for n in range(300)]
		rows = [finding(f"{self.ROWS}:test{n}") for n in range(198)]
		return [finding(self.REDIS, "critical"), finding(self.MAIL, "critical"), *silent, *rows]

	def ours(self) -> list[Any]:
		return [row for row in of(*self.CHECKS) if ":test" in row.fingerprint]

	def test_one_tree_no_flood_and_nothing_lost(self) -> None:
		channel = frappe.new_doc("Recovery Channel", kind="E-mail", address="ops@example.org", enabled=1)
		channel.insert(set_name="Storm of a test")
		everything = self.findings()
		self.follow(report(*everything))
		rows = self.ours()
		top = next(row for row in rows if row.fingerprint == self.REDIS)
		self.assertEqual([row.fingerprint for row in rows if not row.parent_incident], [self.REDIS])
		self.assertEqual((len(everything), len(rows)), (500, 200))
		self.assertEqual({row.parent_incident for row in rows} - {None, ""}, {top.name})
		kept = frappe.get_all(
			"Incident Finding",
			{"parent": ("in", [row.name for row in rows])},
			pluck="fingerprint",
			limit_page_length=0,
		)
		self.assertEqual({each["fingerprint"] for each in everything} - set(kept), set())
		told = frappe.get_all(
			notices.DOCTYPE,
			{"incident": ("in", [row.name for row in rows])},
			["incident", "kind", "channel"],
			limit_page_length=0,
		)
		self.assertEqual({(row.incident, row.kind) for row in told}, {(top.name, "Opened")})
		self.assertEqual([row.channel for row in told].count(channel.name), 1)
		of_ours = {"incident": ("in", [row.name for row in rows])}  # the site may have incidents of its own
		once = frappe.db.count(notices.DOCTYPE, of_ours)

		for minutes in (30, 60):  # Redis stays down for an hour
			self.follow(report(*everything, at=NOW + minutes * MINUTE))
		self.assertEqual(len(self.ours()), 200)
		self.assertEqual(frappe.db.count(notices.DOCTYPE, of_ours), once)
		self.assertEqual({row.occurrences for row in self.ours()}, {3})
		for row in (top, rows[-1]):
			self.assertIsNone(first_broken(row.name, timeline.read(row.name)))
