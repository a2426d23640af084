"""The HTTP API of the Why? troubleshooters, and of *Explain this error* on an Error Log."""

import json
from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _

from recovery_console.core.errors import ConsoleError, UsageError
from recovery_console.core.finding import Subject
from recovery_console.core.whys._money import asked_doctypes
from recovery_console.in_site import explain as explain_text
from recovery_console.in_site import open_site, plain
from recovery_console.in_site.why import all_whys, answered, find_why

_MAY_ASK = frozenset({"System Manager", "Recovery Operator", "Recovery Manager"})
_MOST_CHARACTERS = 1_000_000
_CACHE_KEY = "recovery_console_why_doctypes"
_CACHE_SECONDS = 3600


@frappe.whitelist(methods=["GET", "POST"])
def questions() -> list[dict[str, Any]]:
	"""List the troubleshooters with what each is to be told. Role: Recovery Operator.

	Returns:
		``id``, ``title`` and ``takes`` of each.

	Raises:
		frappe.PermissionError: HTTP 403. The user has none of the roles.
	"""
	_may_ask()
	return [
		{
			"id": kind.id,
			"title": _(kind.title),
			"takes": [
				{**item.as_dict(), "title": _(item.title), "hint": _(item.hint) if item.hint else ""}
				for item in kind.takes
			],
		}
		for kind in all_whys().values()
	]


@frappe.whitelist(methods=["POST"])
def ask(question: str, given: str | dict | None = None) -> dict[str, Any]:
	"""Answer a Why? about one subject. Reads only. Role: Recovery Operator, and read on what is asked about.

	Args:
		question: ``login``, ``permission``, ``email``, ``import``, ``payment`` or ``job``.
		given: What it is about, by name, or its JSON; ``questions`` lists the names.

	Returns:
		The answer, version 1: ``verdict``, ``sentence``, ``steps`` and ``repairs``.

	Raises:
		frappe.PermissionError: HTTP 403. The user has none of the roles, or may not read the subject.
		frappe.ValidationError: HTTP 417. There is no such question, or what is given does not fit.
	"""
	_may_ask()
	try:
		kind = find_why(question)
		told = kind.read(_values(given))
		with open_site() as site:
			_may_read(kind.subjects_of(told, site))
			return answered(kind, site, told).as_dict(_)
	except ConsoleError as error:
		frappe.throw(plain(f"{error.message} {error.remedy}"))


@frappe.whitelist(methods=["GET", "POST"])
def explain_error_log(name: str) -> dict[str, Any]:
	"""Look for known errors in an Error Log. Permission: read on that Error Log and on Known Error.

	Args:
		name: The Error Log.

	Returns:
		``matches``, most specific first, each with its cause, fix and runbooks, and ``notes``.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not read it.
		frappe.DoesNotExistError: HTTP 404. There is none of this name.
	"""
	frappe.has_permission("Known Error", "read", throw=True)
	doc = frappe.get_doc("Error Log", name)
	doc.check_permission("read")
	return explain_text(f"{doc.method or ''}\n{doc.error or ''}"[-_MOST_CHARACTERS:])


def extend_bootinfo(bootinfo: Any) -> None:
	"""Tell Desk on which DocTypes of the SEPA profile to put a button; for those who may ask only."""
	if not _MAY_ASK.intersection(frappe.get_roles()):
		return
	bootinfo["recovery_console_why"] = payment_doctypes()


def payment_doctypes() -> dict[str, str]:
	"""Return the DocTypes of direct debits on this site, with the part that each plays; kept for an hour.

	Invoices are among them where mandates are.
	"""
	found = frappe.cache.get_value(_CACHE_KEY)
	if found is None:
		try:
			with open_site() as site:
				known = asked_doctypes(site)
		except Exception:  # noqa: BLE001 (Desk opens all the same; the question itself says what is wrong)
			return {}
		parts = {"mandate", "batch", *(("invoice",) if "mandate" in known.values() else ())}
		found = {doctype: part for doctype, part in known.items() if part in parts}
		frappe.cache.set_value(_CACHE_KEY, found, expires_in_sec=_CACHE_SECONDS)
	return found


def _may_ask() -> None:
	if not _MAY_ASK.intersection(frappe.get_roles()):  # frappe.only_for lets everybody pass in tests
		frappe.throw(
			_("Only a System Manager, Recovery Operator or Recovery Manager may ask this."),
			frappe.PermissionError,
		)


def _may_read(subjects: Iterable[Subject]) -> None:
	"""Refuse who may not read what is asked about; what does not exist asks for the DocType as a whole."""
	for subject in subjects:
		if not frappe.db.exists("DocType", subject.doctype):
			continue
		if not _reads(subject):
			frappe.throw(
				_("You may not read {0}, so the console does not tell you about it.").format(
					_(subject.doctype) + (f" {plain(subject.name)}" if subject.name else "")
				),
				frappe.PermissionError,
			)


def _reads(subject: Subject) -> bool:
	"""Tell whether this user may read a document; of one that does not exist, whether they may read all of its kind."""
	if subject.name and frappe.db.exists(subject.doctype, subject.name):
		return bool(frappe.has_permission(subject.doctype, "read", doc=subject.name))
	rights = frappe.permissions.get_role_permissions(
		subject.doctype
	)  # a share of one document is not enough here
	return bool(rights.get("read")) and "read" not in (rights.get("if_owner") or {})


def _values(given: str | dict | None) -> dict[str, Any]:
	try:
		found = json.loads(given) if isinstance(given, str) and given.strip() else given or {}
	except ValueError:
		found = None
	if not isinstance(found, dict):
		raise UsageError(_("What is asked about cannot be read."), remedy=_("Give its values by name."))
	return {str(name): value for name, value in found.items() if value not in (None, "")}
