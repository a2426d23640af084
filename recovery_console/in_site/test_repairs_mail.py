"""Mails that a killed sender left behind reach everybody exactly once, through a mail server and Frappe's own sending."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe.email.doctype.email_queue.email_queue import EmailQueue, SendMailContext
from frappe.utils import add_to_date, now_datetime
from frappe.utils.background_jobs import get_job

from recovery_console.core.run import RunState
from recovery_console.in_site.actions.email.flush import JOB
from recovery_console.testing import SiteTestCase

PEOPLE = tuple(f"recovery{number}@people.example" for number in range(4))


class _Talk(socketserver.StreamRequestHandler):
	"""Takes every mail, and notes for whom it was."""

	def handle(self) -> None:
		self.say("220 hello")
		for line in self.rfile:
			command = line.strip().upper()
			if command.startswith(b"RCPT TO:"):
				self.to = line.strip().decode().partition("<")[2].partition(">")[0]
			if command == b"DATA":
				self.say("354 go on")
				while self.rfile.readline().rstrip(b"\r\n") != b".":
					pass
				self.server.taken.append(self.to)
			self.say("250 fine" if command != b"QUIT" else "221 bye")
			if command == b"QUIT":
				return

	def say(self, text: str) -> None:
		self.wfile.write(f"{text}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
	"""A mail server on loopback."""

	allow_reuse_address = True
	daemon_threads = True

	def __init__(self) -> None:
		self.taken: list[str] = []
		super().__init__(("127.0.0.1", 0), _Talk)

	@contextmanager
	def running(self) -> Iterator["Server"]:
		thread = threading.Thread(target=self.serve_forever, daemon=True)
		thread.start()
		try:
			yield self
		finally:
			self.shutdown()
			self.server_close()


class Killed(BaseException):
	"""Ends a sender as a killed worker does: nothing catches it."""


@contextmanager
def replaced(owner: type, **functions: Any) -> Iterator[None]:
	"""Let a process die in the middle of what a class does."""
	whole = {name: getattr(owner, name) for name in functions}
	for name, function in functions.items():
		setattr(owner, name, function)
	try:
		yield
	finally:
		for name, function in whole.items():
			setattr(owner, name, function)


class TestMail(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.server = self.enterContext(Server().running())
		self.addCleanup(self.clean)
		self.clean()
		frappe.flags.testing_email = True
		self.addCleanup(frappe.flags.update, {"testing_email": None})
		account = frappe.new_doc(
			"Email Account", email_account_name="Recovery test mail", email_id="sender@recovery.example"
		)
		account.update({"smtp_server": "127.0.0.1", "smtp_port": str(self.server.server_address[1])})
		account.update({"enable_outgoing": 1, "no_smtp_authentication": 1, "name": "Recovery test mail"})
		account.db_insert()
		frappe.db.commit()

	def clean(self) -> None:
		frappe.db.rollback()
		names = frappe.get_all("Email Queue", {"email_account": "Recovery test mail"}, pluck="name")
		for name in names:
			frappe.db.delete("Email Queue Recipient", {"parent": name})
			frappe.db.delete("Email Queue", {"name": name})
		frappe.db.delete("Email Account", {"name": "Recovery test mail"})
		frappe.clear_document_cache("Email Account", "Recovery test mail")
		frappe.db.commit()

	def queued(self) -> str:
		mail = EmailQueue.new(
			{
				"sender": "sender@recovery.example",
				"message": "Subject: Notice\nFrom: sender@recovery.example\nTo: <!--recipient-->\n\nHello",
				"recipients": PEOPLE,
				"status": "Not Sent",
				"email_account": "Recovery test mail",
				"unsubscribe_params": {},
			},
			ignore_permissions=True,
		)
		frappe.db.commit()
		return mail.name

	def killed_at(self, name: str, number: int, *, delivered: bool) -> None:
		"""Send a mail, and be killed at one recipient: before the server has it, or right after."""
		whole, seen = SendMailContext.update_recipient_status_to_sent, []
		build = SendMailContext.build_message

		def after(context, recipient):
			if len(seen) == number and delivered:
				raise Killed
			return whole(context, recipient)

		def before(context, address):
			seen.append(address)
			if len(seen) == number and not delivered:
				raise Killed
			return build(context, address)

		def gone(context, kind, error, trace):
			"""A killed process leaves nothing behind."""

		with (
			replaced(
				SendMailContext, update_recipient_status_to_sent=after, build_message=before, __exit__=gone
			),
			self.assertRaises(Killed),
		):
			frappe.get_doc("Email Queue", name).send()
		long_ago = add_to_date(now_datetime(), hours=-1)
		frappe.db.set_value("Email Queue", name, "modified", long_ago, update_modified=False)
		for row in frappe.get_all("Email Queue Recipient", {"parent": name}, pluck="name"):
			frappe.db.set_value("Email Queue Recipient", row, "modified", long_ago, update_modified=False)
		frappe.db.commit()

	def send_what_is_due(self) -> None:
		due = {"email_account": "Recovery test mail", "status": ("in", ("Not Sent", "Partially Sent"))}
		for name in frappe.get_all("Email Queue", due, pluck="name"):
			frappe.get_doc("Email Queue", name).send()

	def statuses(self) -> list[str]:
		return sorted(frappe.get_all("Email Queue", {"email_account": "Recovery test mail"}, pluck="status"))

	def test_nobody_who_had_the_mail_gets_it_twice(self) -> None:
		name = self.queued()
		self.killed_at(name, 2, delivered=True)
		self.assertEqual(self.server.taken, list(PEOPLE[:2]))
		self.assertEqual(self.statuses(), ["Sending"])
		run = self.run_runbook("release-stuck-emails", names=[name])
		self.assertEqual(run.state, RunState.SUCCEEDED, (run.said, run.left))
		self.send_what_is_due()
		self.assertEqual(self.server.taken, list(PEOPLE))
		self.assertEqual(self.statuses(), ["Error", "Sent"])

	def test_the_unclear_one_gets_it_when_a_person_says_so(self) -> None:
		name = self.queued()
		self.killed_at(name, 2, delivered=False)
		self.run_runbook("release-stuck-emails", names=[name])
		self.send_what_is_due()
		self.assertEqual(self.server.taken, [PEOPLE[0], *PEOPLE[2:]])
		apart = frappe.get_all(
			"Email Queue", {"email_account": "Recovery test mail", "status": "Error"}, pluck="name"
		)
		self.run_runbook("retry-failed-mails", names=apart)
		self.send_what_is_due()
		self.assertEqual(sorted(self.server.taken), sorted(PEOPLE))
		self.assertEqual(self.statuses(), ["Sent", "Sent"])

	def test_taking_the_release_back_leaves_the_mail_as_it_was(self) -> None:
		name = self.queued()
		self.killed_at(name, 3, delivered=True)
		before = frappe.get_doc("Email Queue", name).as_json()
		run = self.run_runbook("release-stuck-emails", names=[name])
		run = self.undo(run)
		self.assertEqual(run.state, RunState.UNDONE, run.said)
		self.assertEqual(frappe.get_doc("Email Queue", name).as_json(), before)

	def test_a_failed_mail_has_all_its_attempts_again(self) -> None:
		name = self.queued()
		frappe.db.set_value("Email Queue", name, {"status": "Error", "retry": 3, "error": "ValueError: no"})
		frappe.db.commit()
		self.run_runbook("retry-failed-mails", names=[name])
		self.send_what_is_due()
		self.assertEqual(sorted(self.server.taken), sorted(PEOPLE))
		self.assertEqual(frappe.db.get_value("Email Queue", name, "retry"), 0)

	def test_the_queue_is_given_to_the_workers(self) -> None:
		self.queued()
		self.addCleanup(lambda: (job := get_job(JOB)) and job.delete())
		from recovery_console.core.edits import Act
		from recovery_console.in_site.actions.email import flush

		act = Act("Enqueue", "Email Queue", "all", {}, frappe=True)
		self.assertFalse(flush.is_done(act))
		self.assertEqual(flush.perform(act), "queued")
		self.assertTrue(flush.is_done(act))
		self.assertEqual(flush.perform(act), "it was queued already")


class TestIncoming(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.addCleanup(self.clean)
		self.clean()
		account = frappe.new_doc(
			"Email Account", email_account_name="Recovery test box", email_id="box@recovery.example"
		)
		account.update({"use_imap": 0, "append_to": "ToDo", "name": "Recovery test box"})
		account.db_insert()
		frappe.db.commit()

	def clean(self) -> None:
		frappe.db.rollback()
		for name in frappe.get_all("Communication", {"message_id": ("like", "recovery-test%")}, pluck="name"):
			self.remove("Communication", name)
		for name in frappe.get_all("ToDo", {"sender": "person@people.example"}, pluck="name"):
			self.remove("ToDo", name)
		frappe.db.delete("Unhandled Email", {"email_account": "Recovery test box"})
		frappe.db.delete("Email Account", {"name": "Recovery test box"})
		frappe.db.commit()

	def unhandled(self, number: int, text: str = "Hello") -> str:
		raw = (
			f"From: person@people.example\nTo: box@recovery.example\nSubject: Question {number}\n"
			f"Message-ID: <recovery-test-{number}@people.example>\nDate: Sat, 21 Nov 2026 10:00:00 +0000\n\n{text}\n"
		)
		row = frappe.get_doc(
			doctype="Unhandled Email",
			email_account="Recovery test box",
			uid=str(number),
			raw=raw,
			reason="no",
		).insert(ignore_permissions=True)
		frappe.db.commit()
		return row.name

	def test_mails_come_in_once_and_leave_the_list(self) -> None:
		names = [self.unhandled(number) for number in (1, 2, 3, 4, 5)]
		again = self.unhandled(5)
		run = self.run_runbook("take-mails-in-again", names=[*names, again])
		self.assertEqual(run.state, RunState.SUCCEEDED, (run.said, run.left))
		self.assertEqual(frappe.db.count("Unhandled Email", {"email_account": "Recovery test box"}), 0)
		found = frappe.get_all(
			"Communication", {"message_id": ("like", "recovery-test%")}, ["message_id", "reference_doctype"]
		)
		self.assertEqual(len(found), 5)
		self.assertEqual({row.reference_doctype for row in found}, {"ToDo"})


class TestTemplates(SiteTestCase):
	def said(self, response: str) -> str:
		name = "Recovery test template"
		self.remove("Email Template", name)
		self.addCleanup(self.remove, "Email Template", name)
		template = frappe.new_doc("Email Template", subject="For {{ name }}", response=response)
		template.name = name
		template.db_insert()
		frappe.db.commit()
		run = self.run_runbook("try-template", template=name, doctype="User", document="Administrator")
		self.assertEqual(run.state, RunState.SUCCEEDED, (run.said, run.left))
		return " ".join(step.said for step in run.steps)

	def test_a_template_that_can_be_filled_in(self) -> None:
		said = self.said("Dear {{ first_name }}")
		self.assertIn("a subject of 17 and a text of 18 characters", said)

	def test_a_template_that_cannot(self) -> None:
		self.assertIn("cannot be filled in for Administrator", self.said("{{ nothing.at.all.there }}"))
