"""Why may this user not do this: rule by rule, and what it says is what Frappe itself says."""

from typing import Any

import frappe

from recovery_console.in_site.test_why import AskingTestCase
from recovery_console.in_site.why._asked import RIGHTS

ROLE = "Recovery Why Role"


class TestPermission(AskingTestCase):
	def setUp(self) -> None:
		super().setUp()
		if not frappe.db.exists("Role", ROLE):
			self.keep(frappe.get_doc({"doctype": "Role", "role_name": ROLE, "desk_access": 1}).insert())

	def contact(self) -> Any:
		return self.keep(frappe.get_doc({"doctype": "Contact", "first_name": "Recovery Why"}).insert())

	def about(self, user: str, doctype: str, name: str = "", right: str = "read") -> dict[str, Any]:
		return self.ask("permission", user=user, doctype=doctype, name=name, right=right)

	def test_no_role_gives_it(self) -> None:
		user, contact = self.person(ROLE), self.contact()
		answer = self.about(user, "Contact", contact.name)
		self.assertEqual(self.cause(answer), "by_role")
		told = {"user": user, "doctype": "Contact", "right": "read", "document": contact.name}
		self.assertIn({"runbook": "grant-least-permission", "parameters": told}, answer["repairs"])

	def test_a_role_gives_it(self) -> None:
		answer = self.about(self.person("System Manager"), "Role")
		self.assertEqual(answer["verdict"], "ok", answer)
		self.assertEqual(self.about("Administrator", "User", "Administrator", "delete")["verdict"], "ok")

	def test_a_share_overrules(self) -> None:
		user, contact = self.person(ROLE), self.contact()
		frappe.share.add("Contact", contact.name, user, read=1)
		answer = self.about(user, "Contact", contact.name)
		self.assertEqual(answer["verdict"], "ok", answer)
		self.assertEqual(self.cause(self.about(user, "Contact", contact.name, "delete")), "by_role")

	def test_user_permissions_hide_it(self) -> None:
		user, seen, hidden = self.person("System Manager"), self.contact(), self.contact()
		frappe.permissions.add_user_permission("Contact", seen.name, user)
		self.addCleanup(lambda: (frappe.db.delete("User Permission", {"user": user}), frappe.db.commit()))
		answer = self.about(user, "Contact", hidden.name)
		self.assertEqual(self.cause(answer), "by_user_permissions")
		self.assertIn(seen.name, answer["sentence"])
		self.assertIn("remove-user-permission", self.offered(answer))
		self.assertEqual(self.about(user, "Contact", seen.name)["verdict"], "ok")

	def test_of_no_document_it_does_not_claim_that_nothing_limits_them(self) -> None:
		user, seen = self.person("System Manager"), self.contact()
		frappe.permissions.add_user_permission("Contact", seen.name, user)
		self.addCleanup(lambda: (frappe.db.delete("User Permission", {"user": user}), frappe.db.commit()))
		steps = {step["id"]: step for step in self.about(user, "Contact")["steps"]}
		self.assertEqual(steps["by_user_permissions"]["verdict"], "skipped")

	def test_the_session_of_who_asks_stays_as_it_was(self) -> None:
		# Its token is what protects it from forged requests; Frappe stores the session when the request ends.
		frappe.session.data.csrf_token = "a token"  # noqa: S105 (of nobody)
		frappe.local.form_dict["question"] = "permission"
		before, data = dict(frappe.session), dict(frappe.session.data)
		answer = self.about(self.person("System Manager"), "Contact", self.contact().name)
		self.assertIn("in_lists", [step["id"] for step in answer["steps"] if step["verdict"] == "ok"])
		self.assertEqual(dict(frappe.session), before)
		self.assertEqual(dict(frappe.session.data), data)
		self.assertEqual(frappe.local.form_dict.get("question"), "permission")

	def test_the_state_of_a_document_forbids_it(self) -> None:
		answer = self.about("Administrator", "Contact", self.contact().name, "submit")
		self.assertEqual(self.cause(answer), "makes_sense")

	def test_a_program_refuses(self) -> None:
		# Frappe's own rule: nobody but its owner sees a private workspace or a ToDo of others.
		todo = self.keep(frappe.get_doc({"doctype": "ToDo", "description": "x"}).insert())
		user = self.person(ROLE)
		answer = self.about(user, "ToDo", todo.name)
		self.assertIn(self.cause(answer), ("by_programs", "by_role"), answer)
		self.assertEqual(answer["verdict"], "blocked")

	def test_a_module_that_is_hidden(self) -> None:
		user = self.person("System Manager")
		doc = frappe.get_doc("User", user)
		doc.append("block_modules", {"module": frappe.get_meta("Role").module})
		doc.flags.ignore_permissions = True
		doc.save()
		self.assertEqual(self.cause(self.about(user, "Role")), "module_is_shown")

	def test_permissions_of_the_site_leave_a_role_out(self) -> None:
		if frappe.db.exists("Custom DocPerm", {"parent": "Role Profile"}):
			self.skipTest("This site has permissions of its own for Role Profile")
		user = self.person("System Manager")
		row = {"doctype": "Custom DocPerm", "parent": "Role Profile", "parenttype": "DocType",
			"parentfield": "permissions", "role": ROLE, "read": 1, "permlevel": 0}  # fmt: skip
		doc = frappe.get_doc(row).insert()
		self.addCleanup(lambda: frappe.clear_cache(doctype="Role Profile"))
		self.keep(doc)
		frappe.clear_cache(doctype="Role Profile")
		answer = self.about(user, "Role Profile")
		self.assertEqual(self.cause(answer), "by_role")
		self.assertIn(
			{"runbook": "restore-permissions", "parameters": {"names": ["Role Profile"]}}, answer["repairs"]
		)

	def test_who_or_what_is_not_there(self) -> None:
		self.assertEqual(self.cause(self.about("nobody@example.org", "Role")), "user_is_there")
		self.assertEqual(
			self.cause(self.about("Administrator", "Contact", "no such contact")), "document_is_there"
		)
		self.assertEqual(self.cause(self.about(self.person(enabled=0), "Role")), "user_is_there")

	def test_it_says_what_frappe_says(self) -> None:
		"""For every right: nothing stands in the way only where Frappe lets them, and something does where not."""
		contact = self.contact()
		people = [self.person(ROLE), self.person("System Manager"), self.person("Website Manager"), "Guest"]
		documents = [("Contact", contact.name), ("Role", ROLE), ("User", people[0]), ("Website Settings", "")]
		for user in people:
			for doctype, name in documents:
				for right in RIGHTS:
					doc = frappe.get_doc(doctype, name) if name else None
					allowed = frappe.has_permission(doctype, right, doc=doc, user=user)
					answer = self.about(user, doctype, name, right)
					with self.subTest(user=user, doctype=doctype, right=right):
						self.assertFalse(not allowed and answer["verdict"] != "blocked", answer)
						failed = [step for step in answer["steps"] if "step itself failed" in step["answer"]]
						self.assertEqual(failed, [])
						says = next(step for step in answer["steps"] if step["id"] == "frappe_says")
						self.assertEqual(says["verdict"] == "ok", bool(allowed))
