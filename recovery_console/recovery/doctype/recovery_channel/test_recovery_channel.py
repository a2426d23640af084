"""Channels, on a site: what makes a valid one, and what each of them sends to a real server."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import frappe

from recovery_console import api_notices
from recovery_console.in_site.channels.telegram import SERVER_KEY
from recovery_console.in_site.notices import DOCTYPE
from recovery_console.testing import SiteTestCase

NAME = "Test of Channels"
TOKEN = "123456:AAF-abcdefghijklmnopqrstuvwxyz012345"  # noqa: S105 (of a bot that does not exist)
SECRET = "signs every call of the test"  # noqa: S105
URL = "https://example.org/hook?token=x"


@contextmanager
def server(status: int = 200) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
	"""A web server on loopback that keeps what is posted to it."""
	taken: list[tuple[str, Any]] = []

	class Handler(BaseHTTPRequestHandler):
		def do_POST(self) -> None:
			taken.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
			self.send_response(status)
			self.send_header("Content-Length", "0")
			self.end_headers()

		def log_message(self, *_: object) -> None:
			"""Say nothing."""

	listening = HTTPServer(("127.0.0.1", 0), Handler)
	thread = threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True)
	thread.start()
	try:
		yield f"http://127.0.0.1:{listening.server_port}", taken
	finally:
		listening.shutdown()
		listening.server_close()


class TestRecoveryChannel(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.addCleanup(self._remove)

	def _remove(self) -> None:
		frappe.db.rollback()
		frappe.db.delete(DOCTYPE, {"channel": NAME})
		frappe.db.delete("Recovery Channel", {"name": NAME})
		frappe.db.delete("Slack Webhook URL", {"name": NAME})
		frappe.db.delete("__Auth", {"doctype": "Recovery Channel", "name": NAME})
		frappe.db.delete("Notification Log", {"document_type": DOCTYPE})
		frappe.db.commit()

	def channel(self, kind: str, **values: Any) -> Any:
		doc = frappe.new_doc("Recovery Channel")
		doc.update({"kind": kind, **values})
		return doc.insert(set_name=NAME)

	def test_what_could_never_be_sent_is_refused_with_what_is_missing(self) -> None:
		hook = {"secret_url": "https://example.org/hook", "secret": SECRET}
		for kind, values, said in (
			("E-mail", {"address": ""}, "at least one e-mail address"),
			(
				"E-mail",
				{"address": "anna@example.org, <b>nobody</b>"},
				"&lt;b&gt;nobody&lt;/b&gt; is no e-mail address",
			),
			(
				"E-mail",
				{"address": "anna@example.org", "is_fallback": 1},
				"cannot stand in when mail is broken",
			),
			("Desk", {"address": "No Such Role"}, "is called No Such Role"),
			("Desk", {"address": ""}, "No enabled user"),
			("Webhook", {**hook, "secret": "short"}, "at least 16 characters"),
			("Webhook", {**hook, "secret_url": "ftp://example.org"}, "no web address"),
			("Webhook", {**hook, "secret_url": "https://u:p@example.org"}, "user or password"),
			("Slack", {}, "no web address"),
			("Telegram", {"address": "-100", "secret": "token"}, "token of the bot"),
			("Telegram", {"address": "my chat", "secret": TOKEN}, "id of the chat"),
		):
			with self.assertRaisesRegex(frappe.ValidationError, said):
				self.channel(kind, **values)
		frappe.clear_messages()

	def test_secrets_are_kept_where_passwords_are_and_stay_when_something_else_changes(self) -> None:
		doc = self.channel("Webhook", secret_url=URL, secret=SECRET)
		stored = frappe.db.get_value("Recovery Channel", NAME, "*", as_dict=True)
		self.assertNotIn(SECRET, str(stored))
		self.assertNotIn("example.org", str(stored))
		doc = frappe.get_doc("Recovery Channel", NAME)
		doc.least_severity = "S1"
		doc.save()
		self.assertEqual(doc.get_password("secret"), SECRET)

	def test_a_test_says_that_it_was_sent_or_why_not_and_is_not_tried_again(self) -> None:
		with server() as (url, taken):
			self.channel("Webhook", secret_url=f"{url}/hook", secret=SECRET, enabled=0)
			self.assertEqual(api_notices.test_channel(NAME)["state"], "Sent")
			[(path, said)] = taken
			self.assertEqual((path, said["event"], said["incident"]), ("/hook", "Test", None))
			self.assertIn("Nothing is wrong", said["text"])
		told = api_notices.test_channel(NAME)
		self.assertEqual(told["state"], "Given Up")
		self.assertIn("refuses the connection", told["error"])
		self.assertNotIn(SECRET, str(frappe.get_all(DOCTYPE, filters={"channel": NAME}, fields=["*"])))
		state = api_notices.channel_state(NAME)
		self.assertEqual((state["sent"], state["given_up"], state["waiting"]), (1, 1, 0))

	def test_slack_is_told_by_its_own_url_or_by_frappes_record_of_it(self) -> None:
		with server() as (url, taken):
			record = frappe.new_doc("Slack Webhook URL")
			record.update({"webhook_name": NAME, "webhook_url": f"{url}/services/T/B/1"})
			record.insert()
			doc = self.channel("Slack", slack_webhook=NAME)
			self.assertEqual(api_notices.test_channel(NAME)["state"], "Sent")
			doc.reload()
			doc.update({"slack_webhook": "", "secret_url": f"{url}/services/T/B/2"})
			doc.save()
			self.assertEqual(api_notices.test_channel(NAME)["state"], "Sent")
		self.assertEqual([path for path, _said in taken], ["/services/T/B/1", "/services/T/B/2"])
		self.assertEqual(set(taken[0][1]), {"text"})
		self.assertIn("this channel works", taken[0][1]["text"])

	def test_telegram_is_told_by_its_bot_in_plain_text_and_no_error_shows_the_token(self) -> None:
		self.channel("Telegram", address="-1001234", secret=TOKEN)
		self.addCleanup(frappe.conf.pop, SERVER_KEY, None)
		with server() as (url, taken):
			frappe.conf[SERVER_KEY] = url
			self.assertEqual(api_notices.test_channel(NAME)["state"], "Sent")
		[(path, said)] = taken
		self.assertEqual((path, said["chat_id"]), (f"/bot{TOKEN}/sendMessage", "-1001234"))
		self.assertNotIn("parse_mode", said)
		with server(401) as (url, taken):
			frappe.conf[SERVER_KEY] = url
			told = api_notices.test_channel(NAME)
		self.assertEqual(told["state"], "Given Up")
		self.assertNotIn(TOKEN, str(told))
		self.assertNotIn(TOKEN, str(frappe.get_all(DOCTYPE, filters={"channel": NAME}, fields=["*"])))

	def test_who_may_not_change_channels_may_not_try_them_and_who_may_not_read_them_sees_nothing(
		self,
	) -> None:
		self.channel("Desk", address="System Manager")
		for role, may_read, may_try in (
			("Recovery Manager", True, True),
			("Recovery Operator", True, False),
			(None, False, False),
		):
			self.act_as(self.user_with(*([role] if role else [])))
			for function, may in ((api_notices.channel_state, may_read), (api_notices.test_channel, may_try)):
				if may:
					function(NAME)
				else:
					with self.assertRaises(frappe.PermissionError):
						function(NAME)
			frappe.set_user("Administrator")
