"""Containing a breach and closing doors through Frappe's documents, on a real site."""

import json
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import frappe

from recovery_console.core.errors import ConsoleError
from recovery_console.core.run import Run, RunState
from recovery_console.testing import SiteTestCase


class TestSecurityRepairs(SiteTestCase):
	"""Users, roles, keys, scripts, files and rights of guests."""

	def setUp(self) -> None:
		super().setUp()
		frappe.set_user("Administrator")

	def made(self, run: Run) -> Run:
		self.assertEqual(run.state, RunState.SUCCEEDED, f"{run.said} {[step.said for step in run.steps]}")
		return run

	def taken_back(self, run: Run) -> None:
		run = self.undo(run)
		self.assertEqual(run.state, RunState.UNDONE, run.said)

	def person(self, *roles: str, **values: Any) -> str:
		"""Make a user who stays until the test ends."""
		name = self.user_with(*roles)
		if values:
			frappe.db.set_value("User", name, values)
		self.addCleanup(self.remove, "User", name)
		frappe.db.commit()
		for contact in frappe.get_all("Contact", {"user": name}, pluck="name"):
			self.addCleanup(self.remove, "Contact", contact)
		return name

	def key_of(self, user: str) -> tuple[str, str]:
		"""Give a user an API key and return it with its secret."""
		doc = frappe.get_doc("User", user)
		doc.api_key, doc.api_secret = frappe.generate_hash(length=15), frappe.generate_hash(length=15)
		secret = doc.api_secret
		doc.save()
		frappe.db.commit()
		return doc.api_key, secret

	def opens(self, key: str, secret: str) -> bool:
		"""Tell whether a key opens the site, as a request with it would."""
		from frappe.auth import validate_api_key_secret

		frappe.db.rollback()
		before = getattr(frappe.local, "login_manager", None)
		frappe.local.login_manager = SimpleNamespace(user="Administrator")
		try:
			validate_api_key_secret(key, secret)
		except frappe.AuthenticationError:
			return False
		finally:
			frappe.local.login_manager = before
		return True

	def test_users_are_disabled_with_keys_and_sessions(self) -> None:
		user = self.person("Translator")
		key, secret = self.key_of(user)
		frappe.db.sql(
			"insert into `tabSessions` (`user`, sid, sessiondata, lastupdate, status) values (%s, %s, %s, %s, %s)",
			(user, frappe.generate_hash(), "{}", frappe.utils.now(), "Active"),
		)
		frappe.db.commit()
		self.assertTrue(self.opens(key, secret))
		self.made(self.run_runbook("disable-users", names=[user]))
		self.assertEqual(frappe.db.get_value("User", user, "enabled"), 0)
		self.assertFalse(self.opens(key, secret))
		self.assertEqual(frappe.db.count("Sessions", {"user": user}), 0)

	def test_a_key_that_was_revoked_by_mistake_opens_again(self) -> None:
		user = self.person("Translator")
		key, secret = self.key_of(user)
		run = self.made(self.run_runbook("revoke-api-keys", names=[user]))
		self.assertFalse(self.opens(key, secret))
		self.taken_back(run)
		self.assertTrue(self.opens(key, secret))

	def test_a_rotated_key_opens_with_the_new_secret_only(self) -> None:
		user = self.person("Translator")
		key, secret = self.key_of(user)
		new = "a-new-secret-that-nobody-has-seen"
		run = self.made(self.run_runbook("rotate-api-key", name=user, new_secret=new))
		self.assertTrue(self.opens(key, new))
		self.assertFalse(self.opens(key, secret))
		written = frappe.get_all("Runbook Run Entry", {"run": run.id}, ["*"])
		self.assertNotIn(new, json.dumps(written, default=str))
		self.taken_back(run)
		self.assertTrue(self.opens(key, secret))

	def test_passwords_open_nothing_after_forced_resets_and_again_after_undo(self) -> None:
		from frappe.utils.password import check_password, update_password

		user = self.person("Translator")
		update_password(user, "old-Password-123")
		frappe.db.commit()
		run = self.made(self.run_runbook("force-password-resets", names=[user]))
		with self.assertRaises(frappe.AuthenticationError):
			check_password(user, "old-Password-123")
		self.taken_back(run)
		frappe.db.rollback()
		self.assertEqual(check_password(user, "old-Password-123"), user)

	def test_system_manager_is_taken_away_but_not_from_the_last(self) -> None:
		first, second = self.person("System Manager", "Translator"), self.person("System Manager")
		run = self.made(self.run_runbook("remove-system-managers", names=[first]))
		self.assertNotIn("System Manager", frappe.get_roles(first))
		self.taken_back(run)
		everybody = frappe.get_all(
			"Has Role",
			{"role": "System Manager", "parenttype": "User", "parent": ("!=", "Administrator")},
			pluck="parent",
		)
		enabled = frappe.get_all("User", {"name": ("in", everybody), "enabled": 1}, pluck="name")
		self.assertIn(second, enabled)
		for runbook in ("remove-system-managers", "disable-users"):
			self.assertRaises(ConsoleError, self.run_runbook, runbook, names=enabled)

	def test_server_scripts_are_closed_to_guests(self) -> None:
		script = frappe.get_doc(
			{
				"doctype": "Server Script",
				"name": "Recovery Test Script",
				"script_type": "API",
				"api_method": "recovery_test_script",
				"allow_guest": 1,
				"script": "frappe.response['message'] = 1",
			}
		)
		script.db_insert()
		self.addCleanup(self.remove, "Server Script", script.name)
		frappe.db.commit()
		run = self.made(self.run_runbook("close-server-scripts", names=[script.name]))
		self.assertEqual(frappe.db.get_value("Server Script", script.name, "allow_guest"), 0)
		self.taken_back(run)
		self.assertEqual(frappe.db.get_value("Server Script", script.name, "allow_guest"), 1)

	def test_rights_of_guests_are_taken_and_given_back(self) -> None:
		doctype = "Note"
		if frappe.db.exists("Custom DocPerm", {"parent": doctype}):
			self.skipTest("This site has permissions of its own for Note")
		for role in ("System Manager", "Guest"):
			rule = frappe.get_doc(
				{"doctype": "Custom DocPerm", "parent": doctype, "role": role, "read": 1, "write": 1}
			).insert()
			self.addCleanup(self.remove, "Custom DocPerm", rule.name)
		frappe.db.commit()
		run = self.made(self.run_runbook("take-guest-rights", names=[doctype]))
		self.assertEqual(frappe.db.get_value("Custom DocPerm", rule.name, ["read", "write"]), (1, 0))
		self.taken_back(run)
		self.assertEqual(frappe.db.get_value("Custom DocPerm", rule.name, "write"), 1)

	def test_public_files_become_private(self) -> None:
		file = frappe.get_doc(
			{"doctype": "File", "file_name": "recovery.txt", "content": "invoice", "is_private": 0}
		).insert()
		self.addCleanup(self.remove, "File", file.name)
		owner = frappe.new_doc("Data Import")
		owner.update({"reference_doctype": "Contact", "import_type": "Insert New Records"})
		owner.db_insert()
		self.addCleanup(self.remove, "Data Import", owner.name)
		attached = {"attached_to_doctype": "Data Import", "attached_to_name": owner.name}
		frappe.db.set_value("File", file.name, attached)
		frappe.db.commit()
		run = self.made(self.run_runbook("make-files-private", names=[file.name]))
		self.assertTrue(frappe.db.get_value("File", file.name, "file_url").startswith("/private/files/"))
		self.taken_back(run)
		self.assertTrue(frappe.db.get_value("File", file.name, "file_url").startswith("/files/"))

	def test_evidence_is_whole_sealed_and_without_secrets(self) -> None:
		from recovery_console.core.actions.security._evidence import checksum, seal_of

		user = self.person("Translator")
		key, secret = self.key_of(user)
		run = self.run_runbook("keep-evidence", window="1 d")
		self.assertTrue(run.steps[0].said.startswith("1 of 1 made."), run.said)
		path = Path(frappe.utils.get_bench_path()) / "sites" / frappe.local.site
		bundles = sorted((path / "private" / "recovery_console" / "evidence").glob("*.zip"))
		self.addCleanup(lambda: [file.unlink() for file in (bundles[-1], seal_of(bundles[-1]))])
		self.assertEqual(seal_of(bundles[-1]).read_text().split()[0], checksum(bundles[-1]))
		with zipfile.ZipFile(bundles[-1]) as bundle:
			self.assertIsNone(bundle.testzip())
			text = "".join(bundle.read(name).decode() for name in bundle.namelist())
			self.assertIn(user, bundle.read("users.jsonl").decode())
		sids = [row[0] for row in frappe.db.sql("select sid from `tabSessions`")]
		for hidden in (key, secret, *sids):
			self.assertNotIn(hidden, text)
