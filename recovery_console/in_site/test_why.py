"""The Why? troubleshooters on a real site: subjects that are broken, subjects that are healthy, and who may ask."""

from datetime import timedelta
from typing import Any

import frappe
from frappe.utils import now_datetime

from recovery_console import api_why
from recovery_console.testing import SiteTestCase

FLUSH = "frappe.email.queue.flush"


class AskingTestCase(SiteTestCase):
	"""Asks through the API, as Administrator."""

	def setUp(self) -> None:
		super().setUp()
		frappe.set_user("Administrator")

	def ask(self, question: str, **given: str) -> dict[str, Any]:
		"""Ask; the console looks through a connection of its own, so what was made is committed before."""
		frappe.db.commit()
		return api_why.ask(question, given)

	def keep(self, doc: Any) -> Any:
		"""Remove a document after the test."""
		self.addCleanup(self.remove, doc.doctype, doc.name)
		return doc

	def person(self, *roles: str, **values: Any) -> str:
		"""Make a user who is removed after the test."""
		name = self.user_with(*roles)
		self.addCleanup(self.forget_person, name)
		if values:
			frappe.db.set_value("User", name, values)
		return name

	def forget_person(self, name: str) -> None:
		for contact in frappe.get_all("Contact", {"email_id": name}, pluck="name"):
			self.remove("Contact", contact)
		for _attempt in range(3):
			try:
				return self.remove("User", name)
			except frappe.QueryDeadlockError:  # deleting a user touches rows of everybody
				frappe.db.rollback()
		return self.remove("User", name)

	def cause(self, answer: dict[str, Any]) -> str:
		"""Return the id of the first step that stands in the way."""
		blocked = [step["id"] for step in answer["steps"] if step["verdict"] == "blocked"]
		self.assertTrue(blocked, answer)
		return blocked[0]

	def offered(self, answer: dict[str, Any]) -> list[str]:
		return [repair["runbook"] for repair in answer["repairs"]]


class TestLogin(AskingTestCase):
	def test_who_can_log_in(self) -> None:
		user = self.person("System Manager")
		frappe.utils.password.update_password(user, frappe.generate_hash(length=20))
		answer = self.ask("login", user=user)
		steps = {step["id"]: step["verdict"] for step in answer["steps"]}
		for name in ("exists", "enabled", "has_password", "not_locked", "at_allowed_hour", "gets_to_desk"):
			self.assertEqual(steps[name], "ok", answer)

	def test_a_lock_that_frappe_itself_made(self) -> None:
		from frappe.auth import LoginAttemptTracker

		user = self.person("System Manager")
		frappe.utils.password.update_password(user, "x" * 20)
		tracker = LoginAttemptTracker(user, max_consecutive_login_attempts=10, lock_interval=60)
		self.addCleanup(tracker.add_success_attempt)
		for _attempt in range(12):
			tracker.add_failure_attempt()
		answer = self.ask("login", user=user)
		self.assertEqual(self.cause(answer), "not_locked")
		self.assertEqual(answer["repairs"][0], {"runbook": "unlock-logins", "parameters": {"names": [user]}})
		tracker.add_success_attempt()
		self.assertNotIn("unlock-logins", self.offered(self.ask("login", user=user)))

	def test_who_is_disabled_or_has_no_password(self) -> None:
		answer = self.ask("login", user=self.person(enabled=0))
		self.assertEqual(self.cause(answer), "enabled")
		self.assertEqual(self.offered(answer)[0], "enable-users")
		answer = self.ask("login", user=self.person("System Manager"))
		self.assertEqual(self.cause(answer), "has_password")
		self.assertIn("send-reset-links", self.offered(answer))

	def test_who_was_deleted(self) -> None:
		user = self.user_with()
		for contact in frappe.get_all("Contact", {"email_id": user}, pluck="name"):
			frappe.delete_doc("Contact", contact, force=True)
		frappe.delete_doc("User", user, force=True)
		answer = self.ask("login", user=user)
		self.assertIn("was deleted", answer["sentence"])
		frappe.db.delete("Deleted Document", {"deleted_name": user})
		frappe.db.commit()


class TestMail(AskingTestCase):
	def mail(self, status: str, **values: Any) -> str:
		doc = frappe.new_doc("Email Queue")
		doc.update({"sender": "a@example.org", "message": "x", "status": status})
		doc.append(
			"recipients", {"recipient": "b@example.org", "status": "Sent" if status == "Sent" else "Not Sent"}
		)
		doc.insert(ignore_permissions=True)
		self.keep(doc)
		ago = now_datetime() - timedelta(hours=2)
		frappe.db.set_value(
			"Email Queue", doc.name, {"status": status, "modified": ago, **values}, update_modified=False
		)
		return doc.name

	def test_one_that_is_stuck(self) -> None:
		name = self.mail("Sending")
		answer = self.ask("email", about=name)
		self.assertEqual(self.cause(answer), "not_stuck")
		self.assertIn({"runbook": "release-stuck-emails", "parameters": {"names": [name]}}, answer["repairs"])

	def test_one_that_was_refused(self) -> None:
		error = "smtplib.SMTPRecipientsRefused: {'b@example.org': (550, b'5.1.1 no such user')}"
		answer = self.ask("email", about=self.mail("Error", error=error, retry=3))
		(step,) = [step for step in answer["steps"] if step["id"] == "last_attempt"]
		self.assertIn("refused the recipient", step["answer"])
		self.assertIn("retry-failed-mails", self.offered(answer))

	def test_one_that_was_sent(self) -> None:
		answer = self.ask("email", about=self.mail("Sent"))
		self.assertEqual(answer["verdict"], "ok", answer)

	def test_one_to_somebody_who_unsubscribed(self) -> None:
		address = f"{frappe.generate_hash(length=8)}@example.org"
		doc = frappe.get_doc({"doctype": "Email Unsubscribe", "email": address, "global_unsubscribe": 1})
		self.keep(doc.insert(ignore_permissions=True))
		answer = self.ask("email", about=address)
		self.assertIn("unsubscribed", answer["sentence"])


class TestImport(AskingTestCase):
	def run_of(self, status: str, *, failed: int = 0, done: int = 0, **values: Any) -> str:
		doc = frappe.new_doc("Data Import")
		doc.update({"reference_doctype": "ToDo", "import_type": "Insert New Records", "status": status})
		doc.google_sheets_url = "https://docs.google.com/spreadsheets/d/1"
		doc.update({"payload_count": failed + done, **values})
		doc.set_new_name(set_name=f"recovery-{frappe.generate_hash(length=8)}")
		doc.db_insert()
		self.addCleanup(self.forget, doc.name)
		for number in range(failed + done):
			log = frappe.new_doc("Data Import Log")
			log.update({"data_import": doc.name, "success": int(number < done), "log_index": number})
			log.update({"row_indexes": f"[{number + 2}]", "messages": "[]"})
			log.exception = "frappe.exceptions.MandatoryError: [ToDo, x]: description"
			log.db_insert()
		return doc.name

	def forget(self, name: str) -> None:
		frappe.db.delete("Data Import Log", {"data_import": name})
		frappe.db.delete("Data Import", {"name": name})
		frappe.db.commit()

	def test_one_with_failed_rows(self) -> None:
		name = self.run_of("Partial Success", failed=2, done=3)
		answer = self.ask("import", name=name)
		self.assertEqual(self.cause(answer), "rows_are_in")
		self.assertIn({"runbook": "retry-failed-rows", "parameters": {"names": [name]}}, answer["repairs"])

	def test_one_that_stopped_half_way(self) -> None:
		name = self.run_of("Partial Success", done=3, payload_count=10)
		frappe.db.set_value("Data Import", name, "payload_count", 10)
		answer = self.ask("import", name=name)
		self.assertEqual(self.cause(answer), "ended")
		self.assertEqual(self.offered(answer)[0], "resume-import")
		self.assertIn("7 are left", answer["sentence"])

	def test_one_that_is_done(self) -> None:
		answer = self.ask("import", name=self.run_of("Success", done=2))
		self.assertEqual(answer["verdict"], "ok", answer)


class TestJob(AskingTestCase):
	def test_one_that_was_stopped(self) -> None:
		doc = frappe.get_doc("Scheduled Job Type", {"method": FLUSH})
		doc.db_set("stopped", 1)
		self.addCleanup(self.start_again, doc.name)
		answer = self.ask("job", about=FLUSH)
		(step,) = [step for step in answer["steps"] if step["id"] == "switched_on"]
		self.assertEqual(step["verdict"], "blocked")
		self.assertIn(
			{"runbook": "start-stopped-jobs", "parameters": {"names": [doc.name]}}, answer["repairs"]
		)

	def start_again(self, name: str) -> None:
		frappe.db.set_value("Scheduled Job Type", name, "stopped", 0)
		frappe.db.commit()

	def test_one_that_is_not_stopped(self) -> None:
		steps = {step["id"]: step for step in self.ask("job", about=FLUSH)["steps"]}
		for name in ("queue_answers", "exists", "switched_on", "not_blocked"):
			self.assertEqual(steps[name]["verdict"], "ok", steps[name])

	def test_one_of_the_queue(self) -> None:
		from frappe.utils.background_jobs import create_job_id, get_job

		job_id = f"recovery-test-{frappe.generate_hash(length=8)}"
		frappe.enqueue("frappe.ping", queue="long", job_id=job_id)
		self.addCleanup(lambda: get_job(job_id) and get_job(job_id).delete())
		answer = self.ask("job", about=create_job_id(job_id))
		steps = {step["id"]: step for step in answer["steps"]}
		self.assertEqual(steps["exists"]["verdict"], "ok", answer)
		self.assertIn("frappe.ping", steps["exists"]["answer"])


class TestWhoMayAsk(AskingTestCase):
	def test_only_people_of_the_console_may(self) -> None:
		user = self.person("System Manager")
		self.act_as(self.person("Website Manager"))
		self.assertRaises(frappe.PermissionError, api_why.ask, "login", {"user": user})
		self.assertRaises(frappe.PermissionError, api_why.questions)
		boot: dict[str, Any] = {}
		api_why.extend_bootinfo(boot)
		self.assertEqual(boot, {})

	def test_only_about_what_they_may_read(self) -> None:
		user = self.person("System Manager")
		operator = self.person("Recovery Operator")
		frappe.db.commit()
		self.act_as(operator)
		self.assertFalse(frappe.has_permission("User", "read", user))
		for question, given in (
			("login", {"user": user}),
			("login", {"user": "nobody@example.org"}),
			("permission", {"user": operator, "doctype": "User", "name": user}),
			("email", {"about": "somebody@example.org"}),
			("job", {"about": FLUSH}),
		):
			with self.subTest(question):
				self.assertRaises(frappe.PermissionError, api_why.ask, question, given)

	def test_a_system_manager_may(self) -> None:
		user = self.person("System Manager")
		frappe.db.commit()
		self.act_as(user)
		self.assertEqual(api_why.ask("login", {"user": user})["why"], "login")
		self.assertEqual(len(api_why.questions()), 6)
		boot: dict[str, Any] = {}
		api_why.extend_bootinfo(boot)
		self.assertIsInstance(boot["recovery_console_why"], dict)

	def test_what_makes_no_sense_is_refused_in_words(self) -> None:
		for question, given in (
			("weather", {}),
			("login", {}),
			("login", {"shoe": "1"}),
			("login", "[1]"),
			("email", {}),
		):
			with self.subTest(question), self.assertRaises(frappe.ValidationError):
				api_why.ask(question, given)


class TestErrorLog(AskingTestCase):
	def test_a_known_error_is_explained(self) -> None:
		text = "pymysql.err.OperationalError: (1213, 'Deadlock found when trying to get lock')"
		doc = self.keep(frappe.get_doc({"doctype": "Error Log", "method": "x", "error": text}).insert())
		self.assertEqual(api_why.explain_error_log(doc.name)["matches"][0]["id"], "DB-01")
		other = self.keep(
			frappe.get_doc({"doctype": "Error Log", "method": "x", "error": "the cat"}).insert()
		)
		self.assertEqual(api_why.explain_error_log(other.name)["matches"], [])
		frappe.db.commit()
		self.act_as(self.person("Website Manager"))
		self.assertRaises(frappe.PermissionError, api_why.explain_error_log, doc.name)
