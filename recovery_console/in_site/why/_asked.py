"""A user, a document and a right: what they are, and whether it makes sense at all."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import frappe
from frappe.share import get_shared

from recovery_console.core.finding import Subject, _
from recovery_console.core.site import Site
from recovery_console.core.why import Repair, Step, Why, asks

RIGHTS = ("read", "write", "create", "submit", "cancel", "amend", "delete", "print", "email", "share", "export",
	"import", "report", "select")  # fmt: skip
#: What a share can give, and what a share of reading gives besides.
_SHARED_AS = {
	"read": "read",
	"write": "write",
	"share": "share",
	"submit": "submit",
	"email": "read",
	"print": "read",
}
#: In which state of a document a right makes sense.
_STATES = {"submit": 0, "cancel": 1, "amend": 2}
_STATE_NAMES = (_("a draft"), _("submitted"), _("cancelled"))
MOST_SHOWN = 20


class Asked(Why):
	"""Steps about the user and the document, before any rule is asked."""

	def __init__(self, site: Site, given: Mapping[str, str]) -> None:
		super().__init__(site, given)
		self.user, self.doctype = given["user"], given["doctype"]
		self.name, self.right = given["name"], given["right"]
		self.doc: Any = None

	@classmethod
	def subjects_of(cls, given: Mapping[str, str], _site: Site) -> list[Subject]:
		return [Subject("User", given["user"]), Subject(given["doctype"], given["name"])]

	@cached_property
	def meta(self) -> Any:
		return frappe.get_meta(self.doctype)

	@cached_property
	def roles(self) -> set[str]:
		return set(frappe.get_roles(self.user))

	@cached_property
	def shared(self) -> bool:
		"""Whether a share gives this right, which then overrules all other rules."""
		right = _SHARED_AS.get(self.right)
		if not right:
			return False
		only = [["share_name", "=", self.name]] if self.name else None
		return bool(get_shared(self.doctype, self.user, rights=[right], filters=only, limit=1))

	@property
	def subject(self) -> list[tuple[str, str]]:
		return [(self.doctype, self.name)] if self.name else []

	@property
	def facts(self) -> dict[str, Any]:
		return {"user": self.user, "doctype": self.doctype, "right": self.right}

	def least(self) -> Repair:
		"""Return the repair that gives this right and no more."""
		told = {"user": self.user, "doctype": self.doctype, "right": self.right}
		return Repair("grant-least-permission", {**told, "document": self.name} if self.name else told)

	@asks(_("Is there such a user, and is the account enabled?"))
	def user_is_there(self) -> Step:
		row = frappe.db.get_value("User", self.user, ["name", "enabled", "user_type"], as_dict=True)
		if not row:
			return self.blocked(_("No: this site has no user {user}."), ends=True, **self.facts)
		self.user = row.name
		if not row.enabled:
			return self.blocked(
				_("No: the account of {user} is disabled."),
				_("Enable it only if they are to have access."),
				repairs=[Repair("enable-users", {"names": [self.user]})],
				subjects=[("User", self.user)],
				ends=True,
				**self.facts,
			)
		return self.ok(_("Yes, a {user_type}."), subjects=[("User", self.user)], user_type=row.user_type)

	@asks(_("Is there such a document?"))
	def document_is_there(self) -> Step:
		if not frappe.db.exists("DocType", self.doctype):
			return self.blocked(_("No: this site has no DocType {doctype}."), ends=True, **self.facts)
		if self.meta.istable:
			return self.skipped(
				_(
					"Rows of {doctype} belong to another document, whose rules hold for them: ask about that one."
				),
				ends=True,
				**self.facts,
			)
		if self.name and not frappe.db.exists(self.doctype, self.name):
			return self.blocked(
				_("No: there is no {doctype} {name}."), ends=True, name=self.name, **self.facts
			)
		if not self.name:
			return self.ok(_("The question is about {doctype} as a whole."), **self.facts)
		self.doc = frappe.get_doc(self.doctype, self.name)
		return self.ok(_("Yes."), subjects=self.subject, owner=self.doc.get("owner"))

	@asks(_("Can this be done with such a document at all?"))
	def makes_sense(self) -> Step:
		if self.right in ("submit", "cancel", "amend") and not self.meta.is_submittable:
			return self.blocked(_("No: a {doctype} is never submitted."), **self.facts)
		if self.right == "import" and not self.meta.allow_import:
			return self.blocked(
				_("No: Allow Import is off in the DocType {doctype}."),
				subjects=[("DocType", self.doctype)],
				**self.facts,
			)
		if self.right == "share" and frappe.get_system_settings("disable_document_sharing"):
			return self.blocked(
				_("No: sharing is switched off in System Settings."),
				subjects=[("System Settings", "System Settings")],
			)
		if self.right == "create" and self.meta.in_create:
			return self.blocked(
				_("No: a {doctype} is made by programs only (User Cannot Create)."), **self.facts
			)
		if self.right == "write" and self.meta.read_only:
			return self.blocked(_("No: the DocType {doctype} is read-only."), **self.facts)
		return self.ok(_("Yes."))

	@asks(_("Is its state one in which this is done?"))
	def docstatus(self) -> Step:
		if self.doc is None or not self.meta.is_submittable:
			return self.skipped(_("It has no such states."))
		state = int(self.doc.docstatus)
		facts = {**self.facts, "state": _STATE_NAMES[state]}
		wanted = _STATES.get(self.right)
		if wanted is not None and state != wanted:
			return self.blocked(_("No: it is {state}."), subjects=self.subject, **facts)
		if self.right == "delete" and state == 1:
			return self.blocked(
				_("No: it is {state}, and must be cancelled before."), subjects=self.subject, **facts
			)
		if self.right == "write" and state == 2:
			return self.blocked(
				_("No: it is {state}; amend it to change it."), subjects=self.subject, **facts
			)
		if self.right == "write" and state == 1:
			fields = [field.label or field.fieldname for field in self.meta.fields if field.allow_on_submit]
			return self.ok(
				_("Only in part: it is {state}, and of its fields {count} may still be changed."),
				count=len(fields),
				fields=fields[:MOST_SHOWN],
				**facts,
			)
		return self.ok(_("Yes: it is {state}."), **facts)

	@cached_property
	def allowed(self) -> bool:
		"""What Frappe itself says."""
		return self.ask_frappe()

	def ask_frappe(self, *, debug: bool = False) -> bool:
		messages = list(frappe.local.message_log or [])
		try:
			return bool(
				frappe.has_permission(
					self.doctype, self.right, doc=self.doc, user=self.user, throw=False, debug=debug
				)
			)
		finally:
			frappe.local.message_log = messages  # what it says aside is for the one who is refused
