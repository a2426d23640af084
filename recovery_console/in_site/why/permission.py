"""Why may this user not do this with this document?"""

from collections.abc import Callable
from typing import Any

import frappe
from frappe import permissions
from frappe.core.doctype.user_permission.user_permission import get_user_permissions
from frappe.model.workflow import get_workflow_name

from recovery_console.core.finding import _
from recovery_console.core.why import Given, Repair, Step, asks
from recovery_console.in_site.why._asked import MOST_SHOWN, RIGHTS, Asked


class Permission(Asked):
	"""From the user to what Frappe itself says: which rule refuses?

	Cost: what Frappe asks at each access, once more rule by rule.
	"""

	id = "permission"
	title = _("Why may this user not do this with this document?")
	question = _("Why may {user} not {right} {doctype} {name}?")
	takes = (
		Given("user", _("User"), required=True, doctype="User", hint=_("The e-mail address of the user.")),
		Given("doctype", _("DocType"), required=True, doctype="DocType", hint=_("Such as Sales Invoice.")),
		Given("name", _("Document"), doctype_in="doctype"),
		Given("right", _("What they want to do"), choices=RIGHTS),
	)
	healthy = _("Nothing stands in the way: {user} may do this.")

	@asks(_("Does a role of theirs give this right?"))
	def by_role(self) -> Step:
		given = self._rows(self.right)
		mine = sorted({row.role for row in given if row.role in self.roles})
		facts = {
			**self.facts,
			"their_roles": sorted(self.roles),
			"roles_that_may": sorted({row.role for row in given}),
			"own_rules": self._has_own_rules(),
		}
		if self.user == "Administrator":
			return self.ok(_("Administrator may do everything."))
		if mine and (all(row.if_owner for row in given if row.role in mine) and not self._owns()):
			return self._or_shared(
				_("Only for what they made themselves: the rules of {mine} hold if they are the owner."),
				_("Ask the owner, or share it with them."),
				mine=", ".join(mine),
				owner=self.doc.get("owner") if self.doc else None,
				**facts,
			)
		if mine:
			return self.ok(_("Yes: {mine}."), mine=", ".join(mine), **facts)
		if lost := self._lost_rules():
			return self._or_shared(
				_(
					"No: the site's own permissions of {doctype} leave out {lost}, which the app lets do this."
				),
				_("Bring the app's permissions back, or add the role in Role Permissions Manager."),
				extra=[Repair("restore-permissions", {"names": [self.doctype]})],
				lost=", ".join(lost),
				**facts,
			)
		return self._or_shared(
			_("No: none of the roles of {user} may {right} a {doctype}."),
			_("Give them one of the roles that may, if it fits their work, or this one right only."),
			**facts,
		)

	def _rows(self, right: str) -> list[Any]:
		return [row for row in self.meta.permissions if not int(row.permlevel or 0) and row.get(right)]

	def _owns(self) -> bool:
		return self.doc is None or (self.doc.get("owner") or "").lower() == self.user.lower()

	def _has_own_rules(self) -> bool:
		return bool(frappe.db.exists("Custom DocPerm", {"parent": self.doctype}))

	def _lost_rules(self) -> list[str]:
		"""Return their roles that the app lets do this, and that the site's own rules leave out."""
		if not self._has_own_rules() or not frappe.get_meta("DocPerm").has_field(self.right):
			return []
		standard = frappe.get_all(
			"DocPerm", {"parent": self.doctype, "permlevel": 0, self.right: 1}, pluck="role"
		)
		return sorted(set(standard) & self.roles)

	def _or_shared(self, text: str, remedy: str, extra: list[Repair] | None = None, **facts: Any) -> Step:
		"""Say what stands in the way, unless a share gives the right all the same."""
		if self.shared:
			return self.ok(_("No, but it is shared with them, which is enough."), **facts)
		return self.blocked(
			text, remedy, repairs=[*(extra or []), self.least()], subjects=self.subject, **facts
		)

	@asks(_("Do the rules of programs let them?"))
	def by_programs(self) -> Step:
		if self.doc is None:
			return self.skipped(_("They are asked about one document only."))
		names = [*frappe.get_hooks("has_permission", {}).get(self.doctype, []),
			*frappe.get_hooks("has_permission", {}).get("*", [])]  # fmt: skip
		if permissions.has_controller_permissions(self.doc, self.right, user=self.user):
			return self.ok(_("Yes."), programs=names)
		return self._or_shared(
			_("No: a rule in the code of an app refuses: {programs}."),
			_(
				"Ask whoever maintains that app what its rule wants; it may want another field, owner or team."
			),
			programs=", ".join(names) or _("the DocType's own code"),
			**self.facts,
		)

	@asks(_("Do their User Permissions let them see it?"))
	def by_user_permissions(self) -> Step:
		limits = get_user_permissions(self.user) or {}
		if not limits or self.user == "Administrator":
			return self.ok(_("None limits them here."), limited_by=sorted(limits))
		if self.doc is None:
			return self.skipped(_("They are asked about one document only."), limited_by=sorted(limits))
		if permissions.has_user_permission(self.doc, self.user):
			return self.ok(_("Yes."), limited_by=sorted(limits))
		allow, field, value = self._refusing(limits)
		rows = frappe.get_all(
			"User Permission", {"user": self.user, "allow": allow}, ["name", "for_value", "applicable_for"]
		)
		removal = {"user": self.user, "allow": allow}
		return self._or_shared(
			_("No: {user} may see {allow} {allowed} only, and this one is {value}."),
			_("Add a User Permission for {value}, or take the limit away, if they are to see it."),
			extra=[Repair("remove-user-permission", removal)] if allow else [],
			allow=allow,
			allowed=", ".join(sorted({str(row.for_value) for row in rows})[:MOST_SHOWN]),
			value=value or _("empty"),
			field=field,
			strict=bool(frappe.get_system_settings("apply_strict_user_permissions")),
			user_permissions=[row.name for row in rows][:MOST_SHOWN],
			**self.facts,
		)

	def _refusing(self, limits: dict[str, Any]) -> tuple[str, str, str]:
		"""Return which limit refuses the document: its DocType, the field, and the field's value."""

		def refuses(doctype: str, value: Any) -> bool:
			allowed = permissions.get_allowed_docs_for_doctype(limits.get(doctype, []), self.doctype)
			return bool(allowed) and str(value or "") not in map(str, allowed)

		if refuses(self.doctype, self.name):
			return self.doctype, "name", self.name
		strict = bool(frappe.get_system_settings("apply_strict_user_permissions"))
		rows = [self.doc, *self.doc.get_all_children()]
		for row in rows:
			for field in row.meta.get_link_fields():
				value = row.get(field.fieldname)
				if field.ignore_user_permissions or not (value or strict) or field.options not in limits:
					continue
				if refuses(field.options, value):
					return field.options, field.label or field.fieldname, str(value or "")
		return "", "", ""

	@asks(_("Does the workflow let them?"))
	def by_workflow(self) -> Step:
		name = get_workflow_name(self.doctype)
		if not name or self.doc is None or self.right not in ("write", "submit", "cancel"):
			return self.skipped(_("No workflow has a say in it."))
		workflow = frappe.get_cached_doc("Workflow", name)
		state = str(self.doc.get(workflow.workflow_state_field) or "")
		facts = {**self.facts, "state": state, "workflow": name}
		subjects = [("Workflow", name), *self.subject]
		editors = sorted({row.allow_edit for row in workflow.states if row.state == state and row.allow_edit})
		if self.right == "write":
			if not editors or self.roles.intersection(editors):
				return self.ok(_("Yes: in the state {state}."), **facts)
			return self.blocked(
				_("No: in the state {state} only {editors} may change it."),
				_("Let one of them change it, or move it on to a state in which this user may."),
				subjects=subjects,
				editors=", ".join(editors),
				**facts,
			)
		return self._transition(workflow, state, subjects, facts)

	def _transition(
		self, workflow: Any, state: str, subjects: list[tuple[str, str]], facts: dict[str, Any]
	) -> Step:
		wanted = "1" if self.right == "submit" else "2"
		ends = {row.state for row in workflow.states if str(row.doc_status) == wanted}
		ways = [row for row in workflow.transitions if row.state == state and row.next_state in ends]
		if not ways:
			return self.blocked(
				_("No: no step of the workflow {workflow} leads there from the state {state}."),
				_("Take the steps of the workflow one after the other."),
				subjects=subjects,
				**facts,
			)
		allowed = sorted({row.allowed for row in ways})
		if not self.roles.intersection(allowed):
			return self.blocked(
				_("No: from the state {state} only {allowed} may take this step of the workflow."),
				_("Let one of them do it."),
				subjects=subjects,
				allowed=", ".join(allowed),
				**facts,
			)
		return self.ok(_("Yes, from the state {state}."), **facts)

	@asks(_("May they change all its fields?"))
	def by_level(self) -> Step:
		if self.right not in ("write", "create"):
			return self.skipped(_("It is about changing."))
		levels = {int(row.permlevel) for row in self.meta.permissions if row.role in self.roles and row.write}
		closed = [
			field.label or field.fieldname
			for field in self.meta.fields
			if int(field.permlevel or 0) and int(field.permlevel) not in levels
		]
		if closed and self.user != "Administrator":
			return self.ok(
				_("Not all: {count} fields have a level that their roles may not write."),
				count=len(closed),
				fields=closed[:MOST_SHOWN],
			)
		return self.ok(_("Yes."))

	@asks(_("Is it shown to them in lists?"))
	def in_lists(self) -> Step:
		if (
			self.right != "read"
			or self.doc is None
			or self.meta.issingle
			or getattr(self.meta, "is_virtual", 0)
		):
			return self.skipped(_("It is about one document's right, not about lists."))
		if not self.allowed:
			return self.skipped(_("They may not read it in the first place."))
		if self._as_user(lambda: frappe.get_list(self.doctype, {"name": self.name}, pluck="name")):
			return self.ok(_("Yes."))
		names = frappe.get_hooks("permission_query_conditions", {}).get(self.doctype, [])
		scripts = frappe.get_all(
			"Server Script",
			{"script_type": "Permission Query", "reference_doctype": self.doctype, "disabled": 0},
			pluck="name",
		)
		return self.blocked(
			_("No: they may open it by its address, but a condition hides it from lists: {conditions}."),
			_("Ask whoever maintains that condition what it wants of the document."),
			subjects=[("Server Script", name) for name in scripts],
			conditions=", ".join([*names, *scripts]) or _("one that is not named"),
			**self.facts,
		)

	def _as_user(self, look: Callable[[], Any]) -> Any:
		"""Look with their eyes. Frappe empties the asker's session for that; it is put back as it was, with its token."""
		session, form = dict(frappe.local.session), frappe.local.form_dict
		try:
			frappe.set_user(self.user)
			return look()
		finally:
			frappe.set_user(session["user"])
			frappe.local.session.update(session)
			frappe.local.form_dict = form

	@asks(_("Does Desk show them its module?"))
	def module_is_shown(self) -> Step:
		blocked = frappe.get_all("Block Module", {"parent": self.user, "parenttype": "User"}, pluck="module")
		domain = self.meta.restrict_to_domain
		if domain and domain not in frappe.get_active_domains():
			return self.blocked(
				_("No: {doctype} belongs to the domain {domain}, which is not active on this site."),
				_("Activate it in Domain Settings."),
				domain=domain,
				**self.facts,
			)
		if self.meta.module in blocked:
			return self.blocked(
				_("No: their User hides the module {module} in Desk."),
				_("Tick the module in Allow Modules of their User, or in their Module Profile."),
				subjects=[("User", self.user)],
				module=self.meta.module,
				**self.facts,
			)
		return self.ok(_("Yes."))

	@asks(_("What does Frappe itself say?"))
	def frappe_says(self) -> Step:
		if self.allowed:
			return self.ok(_("It lets them."))
		frappe.local.permission_debug_log = []
		self.ask_frappe(debug=True)
		said = frappe.local.permission_debug_log
		del frappe.local.permission_debug_log
		return self.blocked(
			_("It refuses {user}."),
			_(
				"See the steps before; if none of them says why, its own account of it stands in the evidence."
			),
			repairs=[self.least()],
			said=[str(line)[:500] for line in said][-6:],
			**self.facts,
		)
