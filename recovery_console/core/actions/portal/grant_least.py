"""Give a user the least that lets them do what they were refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._ruling import rules
from recovery_console.core.actions.portal import _least
from recovery_console.core.actions.portal._documents import roles_changed, roles_of, saved
from recovery_console.core.actions.portal._permissions import (
	RIGHTS,
	permission_inserted,
	permissions_cache,
)
from recovery_console.core.actions.portal._users import noticed, users_named
from recovery_console.core.backends.sql import table
from recovery_console.core.edits import DocumentEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

SHARE, ROLE, PERMISSION, VALUE = "share", "role", "permission", "user_permission"
_SHAREABLE = ("read", "write", "share", "submit")
_NOTHING = _("{user} may {right} {doctype} already: neither a role nor a User Permission is in the way")

Made = tuple[list[Batch], dict[str, Any]]


@dataclass(frozen=True)
class GrantLeast(Action):
	"""Give one user one right: by sharing one document, by a User Permission, by a role, or for a role they have.

	``by`` chooses among share, user_permission, role and permission; without it the least that works is taken. The
	evidence says what each would open beyond what was asked.
	"""

	title = "Grant the least permission"
	risk = Risk.DISRUPTIVE
	needs = (
		"User",
		"Has Role",
		"Role",
		"DocType",
		"DocPerm",
		"Custom DocPerm",
		"DocShare",
		"User Permission",
	)

	user: str
	doctype: str
	right: str = "read"
	document: str = ""
	by: str = ""

	def plan(self, site: Site) -> Plan:
		user = users_named(site, (self.user,), "user_type", "enabled")[0]
		self._look_at_parameters(site)
		case = _least.read_case(site, user, self.doctype)
		said: dict[str, Any] = {"user": self.user, "right": self.right, "doctype": self.doctype}
		batches: list[Batch] = []
		if case.granted(self.right):
			missing = _least.hiding(site, self.user, self.doctype, self.document) if self.document else []
			batches, said["chosen"] = [self._value(item) for item in missing], VALUE
			if self.by not in ("", VALUE):
				raise self._useless()
			title = (
				_("More values that {user} is to see by User Permissions: {count}") if missing else _NOTHING
			)
		else:
			made, said["chosen"], said["choices"] = self._by_right(site, case)
			batches, more = made
			said |= more
			title = _("Let {user} {right} {doctype}, by {chosen}")
		return self.planned(site, title, batches, warnings=self._warnings(user, batches), **said)

	def _look_at_parameters(self, site: Site) -> None:
		kind = users_named(site, (self.doctype,), "istable", "issingle", doctype="DocType")[0]
		if kind["istable"] or (kind["issingle"] and self.document):
			raise UsageError(
				f"{self.doctype[:80]} has no documents of its own that could be granted.",
				remedy="For rows of a table name the document type that they belong to.",
			)
		if self.right not in RIGHTS:
			raise UsageError(f"{self.right[:40]!r} is no right.", remedy=f"Give one of: {', '.join(RIGHTS)}.")
		if rules(self.doctype, (self.right,)):
			raise UsageError(
				f"The right to {self.right} {self.doctype} is not granted here: with it a user can take every right.",
				remedy="Let a System Manager do what is needed, or give it in the Role Permissions Manager.",
			)
		if self.by not in ("", SHARE, ROLE, PERMISSION, VALUE):
			raise UsageError(
				f"{self.by[:40]!r} is no way to grant a right.",
				remedy=f"Give one of {SHARE}, {VALUE}, {ROLE}, {PERMISSION}, or none for the least that works.",
			)
		if self.document:
			users_named(site, (self.document,), doctype=self.doctype)

	def _by_right(self, site: Site, case: _least.Case) -> tuple[Made, str, str]:
		"""Return the least of the ways that work, or the one that was asked for, and what all of them would open."""
		choices: dict[str, tuple[str, Callable[[], Made]]] = {}
		if (
			self.document
			and self.right in _SHAREABLE
			and not site.single_int("System Settings", "disable_document_sharing")
		):
			choices[SHARE] = (_("this one document"), lambda: self._share(site))
		roles = _least.roles_that_give(site, case, self.right)
		if roles:
			role, opened = roles[0]
			text = _("the role {0}, with {1} permissions in all").format(role, opened)
			choices[ROLE] = (text, lambda: self._role(site, role))
		narrow = _least.narrowest_role(site, case.roles)
		if narrow:
			own, holders = narrow
			text = _("{0} for the role {1}, which {2} users have").format(self.doctype, own, holders)
			choices[PERMISSION] = (text, lambda: self._permission(site, case, own))
		by = self.by or next(iter(choices), "")
		if by not in choices:
			raise self._useless()
		shown = "; ".join(f"{name}: {text}" for name, (text, _make) in choices.items())
		return choices[by][1](), by, shown

	def _useless(self) -> UsageError:
		return UsageError(
			f"{self.by or 'None of the ways'} would not let {self.user} {self.right} {self.doctype[:80]}.",
			remedy="Name the document that was refused, or leave out by=…, to see what would.",
		)

	def _share(self, site: Site) -> Made:
		t = table("DocShare")
		rows = site.db.run(
			site.db.from_(t)
			.select(t["name"], t[self.right])
			.where(
				(t["user"] == self.user) & (t.share_doctype == self.doctype) & (t.share_name == self.document)
			)
		)
		if rows:
			edit = saved("DocShare", rows[0], **{self.right: 1})
		else:
			fields = {
				"user": self.user,
				"share_doctype": self.doctype,
				"share_name": self.document,
				"read": 1,
				self.right: 1,
				"notify_by_email": 0,
			}
			edit = DocumentEdit("DocShare", self._name(site, SHARE), "insert", None, fields)
		return [batch(self.doctype, self.document, edit)], {"opens": self.document}

	def _role(self, site: Site, role: str) -> Made:
		edit = roles_changed(self.user, roles_of(site, [self.user])[self.user], add=[role])
		opened = sorted({str(row["parent"]) for row in _of_role(site, role)})
		difference = {"opens": ", ".join(opened[:30]), "kinds_opened": len(opened)}
		return [batch("User", self.user, edit)] if edit else [], difference

	def _permission(self, site: Site, case: _least.Case, role: str) -> Made:
		"""Give the right to a role that the user has; the app's permissions become the site's own first."""
		wanted = {self.right: 1, "read": 1}
		same = [
			rule
			for rule in case.rules
			if rule["role"] == role and not rule["permlevel"] and not rule.get("if_owner")
		]
		new = {"role": role, "permlevel": 0, "if_owner": 0, **wanted}
		edits: list[DocumentEdit] = []
		if case.own and same:
			edits.append(saved("Custom DocPerm", same[0], **wanted))
		elif case.own:
			edits.append(permission_inserted(site, self.doctype, new))
		else:
			copied = [{**rule, **wanted} if rule in same else rule for rule in case.rules]
			rules = copied if same else [*copied, new]
			edits += [permission_inserted(site, self.doctype, rule) for rule in rules]
		opens = f"+ {role}: {', '.join(sorted(wanted))}"
		drop = permissions_cache(site, self.doctype)
		return [batch("DocType", self.doctype, *noticed(site, [drop], *edits))], {
			"opens": opens,
			"copied_rules": len(edits) - 1,
		}

	def _value(self, item: dict[str, Any]) -> Batch:
		fields = {"user": self.user, **item, "apply_to_all_doctypes": 0, "applicable_for": self.doctype}
		name = hashlib.sha256(f"{self.user} {sorted(fields.items())}".encode()).hexdigest()[:10]
		why = _("shows {0} {1}").format(item["allow"], item["for_value"])
		return batch(
			"User", self.user, DocumentEdit("User Permission", name, "insert", None, fields), why=why
		)

	def _name(self, site: Site, what: str) -> str:
		said = f"{what} {self.user} {self.doctype} {self.document} {site.now().isoformat()}"
		return hashlib.sha256(said.encode()).hexdigest()[:10]

	@staticmethod
	def _warnings(user: dict[str, Any], batches: list[Batch]) -> list[str]:
		if not batches or user["enabled"]:
			return []
		return [_("This user is disabled, and stays so.")]


def _of_role(site: Site, role: str) -> list[dict[str, Any]]:
	"""Return the permissions of a role that are in force."""
	found: list[dict[str, Any]] = []
	own = table("Custom DocPerm")
	query = site.db.from_(own).select(own.parent).distinct()
	custom = {str(row["parent"]) for row in site.db.run(query)}
	for kind in ("DocPerm", "Custom DocPerm"):
		t = table(kind)
		rows = site.db.run(
			site.db.from_(t).select(t.parent, t["read"]).where((t.role == role) & (t["read"] == 1))
		)
		found += [row for row in rows if kind == "Custom DocPerm" or row["parent"] not in custom]
	return found
