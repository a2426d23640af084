"""Repairs of users, roles and permissions through Frappe's documents, made and taken back on a real site."""

import unittest
from typing import Any

import frappe

from recovery_console.core.errors import ConsoleError
from recovery_console.core.run import Run, RunState
from recovery_console.testing import SiteTestCase

ROLE = "Recovery Test Role"


class TestPortalRepairs(SiteTestCase):
	"""What needs Frappe's rules: users, roles, shares, permissions."""

	def setUp(self) -> None:
		super().setUp()
		frappe.set_user("Administrator")

	def made(self, run: Run) -> Run:
		self.assertEqual(run.state, RunState.SUCCEEDED, f"{run.said} {[step.said for step in run.steps]}")
		return run

	def taken_back(self, run: Run) -> None:
		run = self.undo(run)
		self.assertEqual(run.state, RunState.UNDONE, run.said)

	def role(self, desk_access: int = 1, name: str = ROLE) -> str:
		if not frappe.db.exists("Role", name):
			frappe.get_doc({"doctype": "Role", "role_name": name, "desk_access": desk_access}).insert()
		self.addCleanup(self.remove, "Role", name)
		return name

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

	def roles(self, user: str) -> set[str]:
		return set(frappe.get_all("Has Role", {"parent": user, "parenttype": "User"}, pluck="role"))

	def test_disabled_users_are_let_in_and_out_again(self) -> None:
		user = self.person(enabled=0)
		run = self.made(self.run_runbook("enable-users", names=[user]))
		self.assertEqual(frappe.db.get_value("User", user, "enabled"), 1)
		self.taken_back(run)
		self.assertEqual(frappe.db.get_value("User", user, "enabled"), 0)

	def test_a_role_is_given_and_taken_back(self) -> None:
		user, role = self.person(), self.role()
		run = self.made(self.run_runbook("give-role", names=[user], role=role))
		self.assertIn(role, self.roles(user))
		self.assertEqual(frappe.db.get_value("User", user, "user_type"), "System User")
		self.taken_back(run)
		self.assertNotIn(role, self.roles(user))

	def test_powerful_roles_are_not_given(self) -> None:
		user = self.person()
		for role in ("System Manager", "All", "No Such Role"):
			self.assertRaises(ConsoleError, self.run_runbook, "give-role", names=[user], role=role)
		self.assertEqual(self.roles(user), set())

	def test_user_types_follow_the_roles(self) -> None:
		user = self.person(self.role())
		frappe.db.set_value("User", user, "user_type", "Website User")
		frappe.db.commit()
		self.made(self.run_runbook("work-out-user-types", names=[user]))
		self.assertEqual(frappe.db.get_value("User", user, "user_type"), "System User")

	def test_hours_and_addresses_are_mended(self) -> None:
		user = self.person(
			self.role(), login_after=22, login_before=6, restrict_ip="10.0.0.0/8\n192.168.1.*, 203.0.113.7"
		)
		hours = self.made(self.run_runbook("clear-login-hours", names=[user]))
		self.assertEqual(frappe.db.get_value("User", user, ["login_after", "login_before"]), (0, 0))
		addresses = self.made(self.run_runbook("mend-ip-restrictions", names=[user]))
		self.assertEqual(frappe.db.get_value("User", user, "restrict_ip"), "10.,192.168.1.,203.0.113.7")
		self.taken_back(addresses)
		self.taken_back(hours)
		self.assertEqual(frappe.db.get_value("User", user, ["login_after", "login_before"]), (22, 6))

	def test_one_document_is_shared_and_no_more(self) -> None:
		user = self.person(self.role())
		contacts = []
		for name in ("Recovery One", "Recovery Two"):
			contacts.append(frappe.get_doc({"doctype": "Contact", "first_name": name}).insert())
			self.addCleanup(self.remove, "Contact", contacts[-1].name)
		frappe.db.commit()
		doctype = "Contact"
		rights = {"user": user, "doctype": doctype, "right": "read"}
		self.assertFalse(frappe.has_permission(doctype, "read", contacts[0], user=user))
		run = self.made(self.run_runbook("grant-least-permission", document=contacts[0].name, **rights))
		self.assertTrue(frappe.has_permission(doctype, "read", contacts[0].name, user=user))
		self.assertFalse(frappe.has_permission(doctype, "read", contacts[1].name, user=user))
		self.taken_back(run)
		self.assertFalse(frappe.has_permission(doctype, "read", contacts[0].name, user=user))

	def test_a_right_for_a_role_keeps_the_rights_of_others(self) -> None:
		role = self.role()
		user, doctype = self.person(role), "Role Profile"
		if frappe.db.exists("Custom DocPerm", {"parent": doctype}):
			self.skipTest("This site has permissions of its own for Role Profile")
		standard = frappe.db.count("DocPerm", {"parent": doctype})
		run = self.made(
			self.run_runbook("grant-least-permission", user=user, doctype=doctype, by="permission")
		)
		self.assertEqual(frappe.db.count("Custom DocPerm", {"parent": doctype}), standard + 1)
		frappe.local.role_permissions = {}
		self.assertTrue(frappe.has_permission(doctype, "read", user=user))
		self.assertFalse(frappe.has_permission(doctype, "write", user=user))
		self.taken_back(run)
		frappe.local.role_permissions = {}
		frappe.local.cache.clear()
		self.assertEqual(frappe.db.count("Custom DocPerm", {"parent": doctype}), 0)
		self.assertFalse(frappe.has_permission(doctype, "read", user=user))

	def test_the_value_that_hides_a_document_is_added_and_removed(self) -> None:
		user = self.person("System Manager")
		contact = frappe.get_doc({"doctype": "Contact", "first_name": "Recovery Hidden"}).insert()
		other = frappe.get_doc({"doctype": "Contact", "first_name": "Recovery Seen"}).insert()
		for doc in (contact, other):
			self.addCleanup(self.remove, "Contact", doc.name)
		frappe.permissions.add_user_permission("Contact", other.name, user)
		frappe.db.commit()
		self.assertFalse(frappe.has_permission("Contact", "read", contact.name, user=user))
		run = self.made(
			self.run_runbook(
				"grant-least-permission", user=user, doctype="Contact", right="read", document=contact.name
			)
		)
		self.assertTrue(frappe.has_permission("Contact", "read", contact.name, user=user))
		self.taken_back(run)
		self.assertFalse(frappe.has_permission("Contact", "read", contact.name, user=user))
		run = self.made(self.run_runbook("remove-user-permission", user=user, allow="Contact"))
		self.assertTrue(frappe.has_permission("Contact", "read", contact.name, user=user))
		self.taken_back(run)
		self.assertFalse(frappe.has_permission("Contact", "read", contact.name, user=user))
		frappe.db.delete("User Permission", {"user": user})
		frappe.db.commit()

	def test_a_lost_role_comes_back(self) -> None:
		role = self.role()
		user = self.person(role)
		frappe.db.delete("Role", {"name": role})
		frappe.db.commit()
		self.made(self.run_runbook("restore-roles", names=[role]))
		self.assertEqual(frappe.db.get_value("Role", role, "disabled"), 0)
		self.assertIn(role, self.roles(user))

	def test_roles_and_profile_are_settled_either_way(self) -> None:
		first, second = self.role(), self.role(name="Recovery Second Role")
		profile = frappe.get_doc({"doctype": "Role Profile", "role_profile": "Recovery Profile"})
		profile.append("roles", {"role": second})
		profile.insert()
		self.addCleanup(self.remove, "Role Profile", profile.name)
		user = self.person(first)
		if frappe.get_meta("User").has_field("role_profiles"):
			row = frappe.new_doc("User Role Profile")
			row.update({"parent": user, "parenttype": "User", "parentfield": "role_profiles"})
			row.role_profile = profile.name
			row.db_insert()
		else:
			frappe.db.set_value("User", user, "role_profile_name", profile.name)
		frappe.db.commit()
		self.made(self.run_runbook("settle-role-profiles", keep="profile", names=[user]))
		self.assertEqual(self.roles(user), {second})

	def test_reset_links_are_sent_to_a_list(self) -> None:
		user, gone = self.person(), self.person(enabled=0)
		self.outgoing_account()
		text = f"\ufeffName;E-mail\nA;{user}\nB;{gone}\n\nC;{user}\n"
		run = self.made(self.run_runbook("send-reset-links", csv_text=text, per_minute=60))
		for mail in frappe.get_all(
			"Email Queue Recipient", {"recipient": ("like", f"%{user}%")}, pluck="parent"
		):
			self.addCleanup(self.remove, "Email Queue", mail)
		self.assertEqual(run.made, 1)
		self.assertTrue(frappe.db.get_value("User", user, "reset_password_key"))
		self.assertFalse(frappe.db.get_value("User", gone, "reset_password_key"))

	def outgoing_account(self) -> None:
		"""Leave the site an account to send from until the test ends."""
		if frappe.db.exists("Email Account", {"default_outgoing": 1, "enable_outgoing": 1}):
			return
		account = frappe.new_doc("Email Account")
		account.update({"email_account_name": "Recovery Test", "email_id": "recovery@example.org"})
		account.update({"enable_outgoing": 1, "default_outgoing": 1, "smtp_server": "127.0.0.1"})
		account.update({"password": "x", "no_smtp_authentication": 1})
		account.db_insert()
		self.addCleanup(self.remove, "Email Account", account.name)
		frappe.db.commit()

	@unittest.skipUnless("erpnext" in frappe.get_installed_apps(), "This site has no ERPNext")
	def test_a_portal_user_reaches_the_customer_again(self) -> None:
		user = self.person("Customer")
		frappe.db.set_value("User", user, "last_active", frappe.utils.now())
		customer = frappe.get_doc({"doctype": "Customer", "customer_name": "Recovery Customer"}).insert()
		self.addCleanup(self.remove, "Customer", customer.name)
		contact = frappe.get_doc({"doctype": "Contact", "first_name": "Recovery Portal", "user": user})
		contact.append("email_ids", {"email_id": user, "is_primary": 1})
		contact.append("links", {"link_doctype": "Customer", "link_name": customer.name})
		contact.insert()
		self.addCleanup(self.remove, "Contact", contact.name)
		frappe.db.commit()
		run = self.made(self.run_runbook("mend-portal-chain", names=[user]))
		self.assertEqual([row.user for row in frappe.get_doc("Customer", customer.name).portal_users], [user])
		self.taken_back(run)
		self.assertEqual(frappe.get_doc("Customer", customer.name).portal_users, [])

	def test_frappe_lets_in_whom_it_had_locked_out(self) -> None:
		from frappe.auth import LoginAttemptTracker

		user = self.person()
		settings = frappe.get_cached_doc("System Settings")
		attempts = int(settings.allow_consecutive_login_attempts or 0)
		if not attempts:
			self.skipTest("This site locks nobody")
		tracker = LoginAttemptTracker(user, attempts, int(settings.allow_login_after_fail or 60))
		for _failure in range(attempts + 1):
			tracker.add_failure_attempt()
		self.assertFalse(tracker.is_user_allowed())
		run = self.made(self.run_runbook("unlock-logins", names=[user]))
		frappe.local.cache.clear()
		self.assertTrue(tracker.is_user_allowed())
		self.taken_back(run)
		frappe.local.cache.clear()
		self.assertFalse(tracker.is_user_allowed())
		tracker.add_success_attempt()

	def test_frappe_reads_the_session_expiry_that_was_set(self) -> None:
		from frappe.sessions import get_expiry_period

		before = get_expiry_period()
		run = self.made(self.run_runbook("mend-session-expiry", expiry="30 h"))
		self.forget_settings()
		self.assertEqual(get_expiry_period(), "30:00:00")
		self.taken_back(run)
		self.forget_settings()
		self.assertEqual(get_expiry_period(), before)

	def test_rules_for_logging_in_hold_at_once(self) -> None:
		before = frappe.db.get_single_value("System Settings", "enable_password_policy")
		frappe.db.set_single_value("System Settings", "enable_password_policy", 0)
		frappe.db.commit()
		frappe.clear_document_cache("System Settings", "System Settings")
		self.addCleanup(self.put_back, "enable_password_policy", before)
		self.forget_settings()
		self.assertEqual(int(frappe.get_system_settings("enable_password_policy") or 0), 0)
		self.made(self.run_runbook("set-sign-in-rules"))
		self.forget_settings()
		self.assertEqual(int(frappe.get_system_settings("enable_password_policy") or 0), 1)

	def put_back(self, field: str, value: Any) -> None:
		frappe.db.set_single_value("System Settings", field, value)
		frappe.db.commit()

	def forget_settings(self) -> None:
		"""Do as the next request does: keep nothing of this one."""
		frappe.local.cache.clear()
		for name in ("system_settings", "_sys_defaults"):
			if hasattr(frappe.local, name):
				delattr(frappe.local, name)
		frappe.db.value_cache.clear()
		frappe.db.rollback()

	def test_a_session_that_was_ended_is_gone_from_the_cache_too(self) -> None:
		user, sid = self.person(), frappe.generate_hash()
		frappe.db.sql(
			"insert into `tabSessions` (`user`, sid, sessiondata, lastupdate, status) values (%s, %s, %s, %s, %s)",
			(user, sid, "{}", frappe.utils.now(), "Active"),
		)
		frappe.db.commit()
		frappe.cache.hset("session", sid, {"user": user})
		self.made(self.run_runbook("end-sessions", names=[user]))
		frappe.local.cache.clear()
		self.assertIsNone(frappe.cache.hget("session", sid))
		self.assertEqual(frappe.db.count("Sessions", {"user": user}), 0)
