"""Runs inside a real site: by the API, by a second person, by jobs, in the shell."""

from datetime import datetime

import frappe

from recovery_console import api
from recovery_console.core.run import RunState
from recovery_console.core.times import UTC
from recovery_console.in_site import runs
from recovery_console.testing import SiteTestCase


class TestRuns(SiteTestCase):
	"""What a run needs to go on, and who may let it."""

	def stuck_mail(self) -> str:
		"""Leave a mail in Sending, as a killed sender does, until the test ends."""
		mail = frappe.new_doc("Email Queue")
		mail.update({"sender": "a@example.org", "message": "x", "status": "Sending", "priority": 1})
		mail.append("recipients", {"recipient": "b@example.org", "status": "Not Sent"})
		mail.insert(ignore_permissions=True)
		old = frappe.utils.add_to_date(None, hours=-30)
		for doctype, filters in (
			("Email Queue", mail.name),
			("Email Queue Recipient", {"parent": mail.name}),
		):
			frappe.db.set_value(doctype, filters, {"modified": old, "creation": old}, update_modified=False)
		self.addCleanup(self.remove, "Email Queue", mail.name)
		frappe.db.commit()
		return mail.name

	def test_a_run_is_planned_approved_made_verified_and_undone(self) -> None:
		name = self.stuck_mail()
		run = self.run_runbook("release-stuck-emails", names=[name], unclear="send")
		self.assertEqual(run.state, RunState.SUCCEEDED, run.said)
		self.assertEqual(frappe.db.get_value("Email Queue", name, "status"), "Not Sent")
		run = self.undo(run)
		self.assertEqual(run.state, RunState.UNDONE, run.said)
		self.assertEqual(frappe.db.get_value("Email Queue", name, "status"), "Sending")

	def test_a_user_without_a_role_sees_and_does_nothing(self) -> None:
		name = self.stuck_mail()
		started = api.start_run("release-stuck-emails", {"names": [name]}, "test")
		self.addCleanup(self.forget_run, started["id"])
		self.act_as(self.user_with())
		for call in (
			api.runbooks,
			lambda: api.plan_runbook("release-stuck-emails"),
			lambda: api.start_run("release-stuck-emails"),
			lambda: api.run_details(started["id"]),
			lambda: api.approve_run(started["id"], "please"),
			lambda: api.undo_run(started["id"]),
			lambda: api.advance_run(started["id"]),
		):
			self.assertRaises(frappe.PermissionError, call)
		self.assertEqual(frappe.db.get_value("Email Queue", name, "status"), "Sending")

	def test_the_record_of_a_run_is_written_by_the_console_alone(self) -> None:
		started = api.start_run("release-stuck-emails", {"names": [self.stuck_mail()]}, "test")
		self.addCleanup(self.forget_run, started["id"])
		frappe.db.commit()
		doc = frappe.get_doc("Runbook Run", started["id"])
		doc.state = "Succeeded"
		self.assertRaises(frappe.ValidationError, doc.save)
		self.assertRaises(frappe.ValidationError, doc.delete)

	def test_a_job_does_one_step(self) -> None:
		name = self.stuck_mail()
		started = api.start_run("release-stuck-emails", {"names": [name]}, "test")
		self.addCleanup(self.forget_run, started["id"])
		api.approve_run(started["id"], "a test")
		run = runs.engine().journal.load(started["id"])
		before = run.entries
		runs.advance_in_job(run.id)
		self.assertGreater(runs.engine().journal.load(run.id).entries, before)

	def test_bad_parameters_change_nothing(self) -> None:
		count = frappe.db.count("Runbook Run")
		for given in (
			{"names": {"a": 1}},
			{"most": "many"},
			{"no_such": 1},
			"[1]",
			"{",
			{"names": ["x" * 2000]},
		):
			self.assertRaises(frappe.ValidationError, api.start_run, "release-stuck-emails", given)
		self.assertRaises(frappe.ValidationError, api.start_run, "<img src=x onerror=alert(1)>")
		frappe.db.commit()
		self.assertEqual(frappe.db.count("Runbook Run"), count)

	def test_a_runbook_runs_by_itself_as_often_as_it_may_and_no_more(self) -> None:
		self.let_run_by_themselves({"enable-scheduler": 5, "clear-expired-sessions": 1})
		report = {
			"checks": [
				{
					"id": "portal.expired_sessions",
					"findings": [{"severity": "warning", "fingerprint": "portal.expired_sessions"}],
				}
			],
		}
		started = runs.run_automatic(report)
		for run_id in started:
			self.addCleanup(self.forget_run, run_id)
		self.assertEqual(len(started), 1, "what answers a finding is started, and nothing else")
		found = runs.engine().journal.load(started[0])
		self.assertEqual((found.runbook, found.requested_by), ("clear-expired-sessions", "scheduler"))
		frappe.db.commit()
		self.assertEqual(runs.run_automatic(report), [], "once a day is once a day")

	def test_with_repairs_stopped_nothing_runs_by_itself(self) -> None:
		self.let_run_by_themselves({"clear-expired-sessions": 3})
		frappe.db.set_single_value("Recovery Settings", "repairs_stopped", 1)
		self.addCleanup(self.commit, frappe.db.set_single_value, "Recovery Settings", "repairs_stopped", 0)
		frappe.db.commit()
		report = {
			"checks": [
				{
					"id": "portal.expired_sessions",
					"findings": [{"severity": "warning", "fingerprint": "portal.expired_sessions"}],
				}
			]
		}
		self.assertEqual(runs.run_automatic(report), [])
		self.assertRaises(frappe.PermissionError, api.start_run, "clear-expired-sessions")

	def let_run_by_themselves(self, runbooks: dict[str, int]) -> None:
		"""Let runbooks run by themselves, each so often a day, until the test ends."""
		for number, (runbook, most) in enumerate(runbooks.items(), 1):
			frappe.get_doc(
				{
					"doctype": "Automatic Runbook",
					"parent": "Recovery Settings",
					"parenttype": "Recovery Settings",
					"parentfield": "automatic_runbooks",
					"idx": number,
					"runbook": runbook,
					"most_per_day": most,
				}
			).db_insert()
		frappe.db.commit()
		self.addCleanup(self.commit, frappe.db.delete, "Automatic Runbook", {"parent": "Recovery Settings"})

	def commit(self, do, *arguments) -> None:
		"""Do something to the site and keep it."""
		frappe.db.rollback()
		do(*arguments)
		frappe.db.commit()

	def test_the_timeline_of_an_incident_tells_of_its_runs_once(self) -> None:
		name = self.stuck_mail()
		finding = {
			"fingerprint": "email.stuck_sending",
			"severity": "critical",
			"title": "Mails stuck in Sending: 1.",
			"cause": "",
			"remedy": "",
			"count": 1,
			"subjects": [],
			"evidence": {},
			"caused_by": [],
		}
		check = {"id": "email.stuck_sending", "family": "email", "status": "critical", "findings": [finding]}
		# Looks after other tests' repairs may have seen such mails: an older look would be no news to them.
		frappe.db.delete("Suspected Problem", {"fingerprint": "email.stuck_sending"})
		self.follow({"started": datetime.now(UTC).isoformat(), "checks": [check]})
		incident = frappe.db.get_value("Incident", {"fingerprint": "email.stuck_sending"})
		self.addCleanup(self.remove, "Incident", incident)
		run = self.run_runbook("release-stuck-emails", names=[name], unclear="send")
		for state, status in (("Succeeded", "Mitigated"), ("Undone", "Investigating")):
			for _time in range(2):
				runs.tell_incidents()
			told = frappe.get_all(
				"Incident Event", {"incident": incident, "event": "Repaired"}, pluck="detail"
			)
			self.assertEqual(sum(line.startswith(f"{run.id}: {state}") for line in told), 1, told)
			self.assertEqual(frappe.db.get_value("Incident", incident, "status"), status)
			if state == "Succeeded":
				run = self.undo(run)
