"""The call to the watchman elsewhere, from a site."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import frappe
from frappe.utils.password import remove_encrypted_password, set_encrypted_password

from recovery_console.in_site import diagnose, heartbeat, snapshots
from recovery_console.testing import SiteTestCase

SETTINGS = heartbeat.SETTINGS


class Answering(BaseHTTPRequestHandler):
	def do_POST(self) -> None:
		body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
		self.server.calls.append((self.path, body))
		self.send_response(500 if self.path.startswith("/broken") else 200)
		self.send_header("Content-Length", "0")
		self.end_headers()

	def log_message(self, *_: object) -> None:
		pass


class TestHeartbeat(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
		self.server.calls = []
		thread = threading.Thread(target=self.server.serve_forever)
		thread.start()
		self.addCleanup(thread.join)
		self.addCleanup(self.server.server_close)
		self.addCleanup(self.server.shutdown)
		self.addCleanup(self._remove_address)

	def call(self, path: str) -> None:
		url = f"http://127.0.0.1:{self.server.server_address[1]}{path}"
		set_encrypted_password(SETTINGS, SETTINGS, url, "heartbeat_url")
		frappe.db.commit()

	def _remove_address(self) -> None:
		frappe.db.rollback()
		remove_encrypted_password(SETTINGS, SETTINGS, "heartbeat_url")
		frappe.db.commit()

	def kept(self, taken_by: str = "Command Line") -> frappe._dict:
		report = diagnose(families=["console"]).as_dict()
		name = snapshots.keep({**report, "status": "warning"}, taken_by)
		self.addCleanup(snapshots.delete, [name])
		return frappe.db.get_value(
			snapshots.DOCTYPE, name, ["status", "heartbeat", "heartbeat_error"], as_dict=True
		)

	def test_the_watchman_is_called_after_a_snapshot(self) -> None:
		self.call("/ping/secret-id")
		found = self.kept()
		self.assertEqual(self.server.calls, [("/ping/secret-id", "warning")])
		self.assertEqual((found.heartbeat, found.heartbeat_error), ("Sent", None))

	def test_when_he_does_not_take_it_the_snapshot_is_kept_and_says_so(self) -> None:
		self.call("/broken/secret-id")
		found = self.kept()
		self.assertEqual((found.status, found.heartbeat), ("Warning", "Failed"))
		self.assertIn("HTTP 500", found.heartbeat_error)
		self.assertNotIn("secret-id", found.heartbeat_error)

	def test_an_address_that_cannot_be_called_loses_no_snapshot(self) -> None:
		set_encrypted_password(SETTINGS, SETTINGS, "not an address", "heartbeat_url")
		frappe.db.commit()
		found = self.kept()
		self.assertEqual((found.status, found.heartbeat), ("Warning", "Failed"))

	def test_what_goes_wrong_beside_it_is_logged_without_the_address(self) -> None:
		self.call("/ping/secret-id")
		title = "Recovery Console: the heartbeat could not be sent"
		self.addCleanup(frappe.db.commit)
		self.addCleanup(frappe.db.delete, "Error Log", {"method": title})
		beat, heartbeat.heartbeat.beat = heartbeat.heartbeat.beat, None  # whatever breaks in there
		self.addCleanup(setattr, heartbeat.heartbeat, "beat", beat)
		self.kept()
		[said] = frappe.get_all("Error Log", {"method": title}, pluck="error")
		self.assertIn("TypeError", said)
		self.assertNotIn("secret-id", said)

	def test_without_an_address_nobody_is_called(self) -> None:
		found = self.kept()
		self.assertEqual((self.server.calls, found.heartbeat or ""), ([], ""))


class TestSettings(SiteTestCase):
	def test_a_token_that_could_be_guessed_is_refused(self) -> None:
		doc = frappe.get_doc(SETTINGS)
		doc.health_token = "short"  # noqa: S105 (no token of anybody)
		with self.assertRaisesRegex(frappe.ValidationError, "at least 20"):
			doc.save()

	def test_an_address_that_cannot_be_called_is_refused(self) -> None:
		doc = frappe.get_doc(SETTINGS)
		doc.heartbeat_url = "ftp://example.org"
		with self.assertRaisesRegex(frappe.ValidationError, "Heartbeat URL"):
			doc.save()

	def test_what_is_kept_and_shown_as_stars_is_let_through(self) -> None:
		doc = frappe.get_doc(SETTINGS)
		doc.health_token = doc.heartbeat_url = "*" * 12
		doc.validate()
