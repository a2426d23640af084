"""Who may do what: every DocType, report, page, method and file of ours, for every role and for guests, on a site."""

import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import frappe
from frappe.permissions import rights

from recovery_console.install import own_doctypes
from recovery_console.testing import SiteTestCase

APP = Path(__file__).parents[1]
OPERATOR, MANAGER, SYSTEM = "Recovery Operator", "Recovery Manager", "System Manager"
#: What design.md allows, letter by letter; whatever is not named here nobody may but Administrator.
READ = "read report"
ALLOWED = {
	OPERATOR: {
		"Duty Sign-off": READ,
		"Health Snapshot": READ,
		"Incident": "read write report",
		"Incident Event": READ,
		"Incident Review": "read write report print",
		"Known Error": READ,
		"Recovery Channel": "read",
		"Recovery Duty": READ,
		"Recovery Notice": READ,
		"Recovery Settings": "read",
		"Recovery Silence": READ,
		"Runbook": READ,
		"Runbook Run": READ,
		"SEPA Profile": READ,
		"Suspected Problem": READ,
	},
	MANAGER: {
		"Duty Sign-off": "read report export",
		"Health Snapshot": "read report export delete",
		"Incident": "read write report export",
		"Incident Event": "read report export",
		"Incident Review": "read write create submit cancel amend report export print",
		"Known Error": "read write create delete report export",
		"Recovery Channel": "read write create delete",
		"Recovery Duty": "read write create delete report export",
		"Recovery Lock": "read",
		"Recovery Notice": READ,
		"Recovery Settings": "read write create",
		"Recovery Silence": "read write create report export",
		"Runbook": "read write create delete report export",
		"Runbook Run": "read report export",
		"SEPA Profile": "read write create delete report export",
		"Suspected Problem": "read report export",
	},
}
ALLOWED[SYSTEM] = {**ALLOWED[MANAGER], "Recovery Lock": "read delete"}
#: Methods that a guest may call: they look for a token by themselves, and the first tells one word.
FOR_GUESTS = {"api_health.health", "api_health.details", "api_health.metrics"}
REPORTS = ("Downtime per Month", "Incident Figures", "Recurring Problems")
_OURS = "recovery_console."


def methods() -> Iterator[tuple[str, Callable[..., Any]]]:
	"""Yield every method of ours that can be called over HTTP."""
	for path in sorted(APP.rglob("*.py")):
		if path.name.startswith("test_") or "@frappe.whitelist" not in path.read_text():
			continue
		name = ".".join(path.relative_to(APP).with_suffix("").parts)
		module = importlib.import_module(_OURS + name)
		for function_name, function in vars(module).items():
			if (
				callable(function)
				and function in frappe.whitelisted
				and function.__module__ == module.__name__
			):
				yield f"{name}.{function_name}", function


class TestPermissionMatrix(SiteTestCase):
	def standing(self, user: str) -> dict[str, set[str]]:
		"""Return what a user may do with each of our DocTypes that is no row of another."""
		found = {}
		for doctype in own_doctypes():
			if frappe.get_meta(doctype).istable:
				continue
			may = {right for right in rights if frappe.has_permission(doctype, right, user=user)}
			if may:
				found[doctype] = may
		return found

	def test_doctypes(self) -> None:
		for role, allowed in ALLOWED.items():
			with self.subTest(role):
				wanted = {doctype: set(words.split()) for doctype, words in allowed.items()}
				self.assertEqual(self.standing(self.user_with(role)), wanted)

	def test_whoever_has_none_of_the_roles_has_nothing(self) -> None:
		for user in (self.user_with(), self.user_with("Accounts Manager"), "Guest"):
			if user == "Guest" or frappe.db.exists("User", user):
				with self.subTest(user):
					self.assertEqual(self.standing(user), {})

	def test_methods_refuse_guests(self) -> None:
		found = dict(methods())
		self.assertGreater(len(found), 50)
		self.act_as("Guest")
		open_to_guests = set()
		for name, function in found.items():
			try:
				frappe.is_whitelisted(function)
				open_to_guests.add(name)
			except frappe.PermissionError:
				frappe.clear_messages()
		self.assertEqual(open_to_guests, FOR_GUESTS)

	def test_methods_refuse_users_without_the_roles(self) -> None:
		user = self.user_with()
		self.act_as(user)
		for name, function in methods():
			if name in FOR_GUESTS:
				continue
			needed = [
				parameter.name
				for parameter in inspect.signature(function).parameters.values()
				if parameter.default is parameter.empty
			]
			with self.subTest(name), self.assertRaises((frappe.PermissionError, frappe.DoesNotExistError)):
				function(**dict.fromkeys(needed, "x"))
			frappe.clear_messages()

	def test_details_and_metrics_refuse_without_a_token(self) -> None:
		from recovery_console import api_health

		for user in ("Guest", self.user_with()):
			self.act_as(user)
			for function in (api_health.details, api_health.metrics):
				with self.subTest(f"{function.__name__} for {user}"):
					self.assertEqual(function().status_code, 401)

	def test_reports_and_the_page(self) -> None:
		for roles, may in (((OPERATOR,), True), ((MANAGER,), True), ((SYSTEM,), True), ((), False)):
			user = self.user_with(*roles)
			with self.subTest(str(roles)), self.set_user(user):
				for report in REPORTS:
					self.assertEqual(bool(frappe.get_doc("Report", report).is_permitted()), may, report)
				self.assertEqual(
					bool(frappe.get_doc("Page", "recovery-console").is_permitted()), may, "the page"
				)

	def test_files_of_an_incident(self) -> None:
		from recovery_console.in_site import incident_actions

		incident = incident_actions.open_by_hand(
			f"Its evidence {frappe.generate_hash(length=6)}", severity="S3", actor="Administrator"
		)
		file = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": f"{frappe.generate_hash(length=8)}.zip",
				"is_private": 1,
				"content": b"PK",
				"attached_to_doctype": "Incident",
				"attached_to_name": incident,
			}
		).insert(ignore_permissions=True)
		self.addCleanup(file.delete, ignore_permissions=True)
		for roles, may in (((OPERATOR,), True), ((), False)):
			with self.subTest(str(roles)), self.set_user(self.user_with(*roles)):
				self.assertEqual(bool(frappe.get_doc("File", file.name).is_downloadable()), may)
