"""Repairs of webhooks, tokens and doubles that only Frappe can make, on a site."""

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest import mock

import frappe
from frappe.utils import now_datetime

from recovery_console.core.run import RunState
from recovery_console.in_site.test_repairs_imports import take_backup
from recovery_console.testing import SiteTestCase

MARK = "Recovery test"


class _Answers(BaseHTTPRequestHandler):
	"""Notes what it is sent, and answers as its server says."""

	def do_POST(self) -> None:
		length = int(self.headers.get("Content-Length") or 0)
		self.server.received.append(self.rfile.read(length).decode())
		body = json.dumps(self.server.answer).encode()
		self.send_response(self.server.status)
		self.send_header("Content-Type", "application/json")
		self.send_header("Content-Length", str(len(body)))
		self.end_headers()
		self.wfile.write(body)

	def log_message(self, *_args: object) -> None:
		"""Say nothing."""


class TestIntegrations(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.addCleanup(self.clean)
		self.clean()
		self.other = HTTPServer(("127.0.0.1", 0), _Answers)
		self.other.received, self.other.status, self.other.answer = [], 200, {}
		threading.Thread(target=self.other.serve_forever, daemon=True).start()
		self.addCleanup(self.other.server_close)
		self.addCleanup(self.other.shutdown)
		self.url = f"http://127.0.0.1:{self.other.server_port}"

	def clean(self) -> None:
		frappe.db.rollback()
		for webhook in frappe.get_all(
			"Webhook", {"request_url": ("like", "http://127.0.0.1:%")}, pluck="name"
		):
			frappe.db.delete("Webhook Request Log", {"webhook": webhook})
			self.remove("Webhook", webhook)
		frappe.cache.delete_value("webhooks")  # deleting a webhook does not
		for name in frappe.get_all("ToDo", {"description": ("like", f"%{MARK}%")}, pluck="name"):
			self.remove("ToDo", name)
		for app in frappe.get_all("Connected App", {"provider_name": MARK}, pluck="name"):
			for token in frappe.get_all("Token Cache", {"connected_app": app}, pluck="name"):
				self.remove("Token Cache", token)
			self.remove("Connected App", app)
		for name in frappe.get_all("Contact", {"first_name": ("like", f"{MARK}%")}, pluck="name"):
			self.remove("Contact", name)

	def failed_webhook(self) -> tuple[str, str]:
		document = frappe.get_doc(doctype="ToDo", description=MARK).insert().name
		webhook = frappe.get_doc(
			doctype="Webhook",
			webhook_doctype="ToDo",
			webhook_docevent="on_update",
			request_url=self.url,
			request_method="POST",
			request_structure="Form URL-Encoded",
			webhook_data=[{"fieldname": "description", "key": "text"}],
			enabled=1,
		).insert(set_name=f"{MARK} {document}")
		frappe.get_doc(
			doctype="Webhook Request Log", webhook=webhook.name, reference_document=document, error="503"
		).insert()
		frappe.db.commit()
		return webhook.name, document

	def test_a_document_that_did_not_arrive_is_sent_again(self) -> None:
		webhook, document = self.failed_webhook()
		run = self.run_runbook("send-webhooks-again", names=[webhook])
		self.assertIs(run.state, RunState.SUCCEEDED, f"{run.said} {run.left}")
		self.assertEqual([MARK in body for body in self.other.received], [True])
		last = frappe.get_last_doc("Webhook Request Log", {"webhook": webhook})
		self.assertEqual((last.reference_document, last.error or ""), (document, ""))

	def test_a_service_that_still_refuses_is_said(self) -> None:
		webhook, _document = self.failed_webhook()
		self.other.status = 503
		with mock.patch("frappe.integrations.doctype.webhook.webhook.sleep"):
			run = self.run_runbook("send-webhooks-again", names=[webhook])
		self.assertIs(run.state, RunState.FAILED, run.said)
		self.assertEqual(len(self.other.received), 3)

	def test_a_webhook_that_is_switched_off_calls_nobody(self) -> None:
		webhook, document = self.failed_webhook()
		run = self.run_runbook("stop-a-dead-webhook", names=[webhook])
		self.assertIs(run.state, RunState.SUCCEEDED, run.said)
		self.assertEqual(frappe.db.get_value("Webhook", webhook, "enabled"), 0)
		self.assertIs(self.undo(run).state, RunState.UNDONE)
		self.assertEqual(frappe.db.get_value("Webhook", webhook, "enabled"), 1)
		self.assertTrue(frappe.db.exists("ToDo", document))

	def test_an_authorisation_is_renewed(self) -> None:
		app = frappe.get_doc(
			doctype="Connected App",
			provider_name=MARK,
			client_id="client",
			client_secret="secret",  # noqa: S106
			authorization_uri=f"{self.url}/authorise",
			token_uri=f"{self.url}/token",
		).insert()
		token = frappe.get_doc(
			doctype="Token Cache",
			connected_app=app.name,
			user="Administrator",
			access_token="old",  # noqa: S106
			refresh_token="renews",  # noqa: S106
			token_type="Bearer",  # noqa: S106
			expires_in=60,
		).insert()
		earlier = frappe.utils.add_to_date(now_datetime(), hours=-3)
		frappe.db.set_value("Token Cache", token.name, "modified", earlier, update_modified=False)
		frappe.db.commit()
		self.other.answer = {"access_token": "new", "token_type": "Bearer", "expires_in": 3600}
		with mock.patch.dict(os.environ, {"OAUTHLIB_INSECURE_TRANSPORT": "1"}):
			run = self.run_runbook("renew-authorisations", names=[token.name])
		self.assertTrue(run.steps[0].ok, f"{run.said} {run.left} {run.steps[0]}")
		token.reload()
		self.assertEqual((token.get_password("access_token"), token.expires_in), ("new", 3600))
		self.assertEqual(len(self.other.received), 1)

	def test_two_contacts_become_one(self) -> None:
		take_backup(self)
		keep, drop = (
			frappe.get_doc(doctype="Contact", first_name=f"{MARK} {number}").insert().name
			for number in (1, 2)
		)
		todo = frappe.get_doc(
			doctype="ToDo", description=MARK, reference_type="Contact", reference_name=drop
		).insert()
		frappe.db.commit()
		run = self.run_runbook("merge-duplicate-records", doctype="Contact", keep=keep, drop=drop)
		self.assertIs(run.state, RunState.SUCCEEDED, f"{run.said} {run.left}")
		self.assertEqual(frappe.db.get_value("ToDo", todo.name, "reference_name"), keep)
		self.assertFalse(frappe.db.exists("Contact", drop))
