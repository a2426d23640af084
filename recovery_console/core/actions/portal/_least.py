"""What would let a user do one thing with one kind of document, from the least to the most."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from recovery_console.core.actions.portal._permissions import permissions_of
from recovery_console.core.actions.portal._users import Row
from recovery_console.core.actions.portal.give_role import POWERFUL
from recovery_console.core.backends.sql import Fn, raw_table, table
from recovery_console.core.checks.portal._users import AUTOMATIC_ROLES, SYSTEM_USER, people, role_of
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Case:
	"""A user who may not do something.

	Args:
		user: Name, user type.
		roles: Roles that the user has, automatic ones too.
		rules: The permissions of the DocType that are in force.
		own: Whether they are the site's own.
	"""

	user: Row
	roles: frozenset[str]
	rules: tuple[Row, ...]
	own: bool

	def granted(self, right: str) -> bool:
		"""Tell whether a role of the user gives the right on every document."""
		return any(gives(rule, right) for rule in self.rules if rule["role"] in self.roles)


def gives(rule: Row, right: str) -> bool:
	"""Tell whether a permission gives a right on every document."""
	return bool(rule.get(right)) and not rule["permlevel"] and not rule.get("if_owner")


def read_case(site: Site, user: Row, doctype: str) -> Case:
	"""Read what there is to know about a user and a DocType."""
	given = table("Has Role")
	query = site.db.from_(given).select(given.role).where(given.parent == user["name"])
	roles = {str(row["role"]) for row in site.db.run(query.where(given.parenttype == "User"))}
	roles |= {"All", "Guest"} | ({"Desk User"} if user["user_type"] == SYSTEM_USER else set())
	own = permissions_of(site, "Custom DocPerm", [doctype])
	rules = own or permissions_of(site, "DocPerm", [doctype])
	return Case(user, frozenset(roles), tuple(rules), bool(own))


def roles_that_give(site: Site, case: Case, right: str) -> list[tuple[str, int]]:
	"""Return the roles that would give the right, with how many kinds of documents each opens; fewest first."""
	names = {str(rule["role"]) for rule in case.rules if gives(rule, right)}
	names -= case.roles | {*POWERFUL, *AUTOMATIC_ROLES}
	if not names:
		return []
	role = table("Role")
	desk = int(case.user["user_type"] == SYSTEM_USER)
	usable = (
		site.db.from_(role)
		.select(role["name"])
		.where(role["name"].isin(sorted(names)) & (role.disabled == 0))
	)
	if not desk:
		usable = usable.where(role.desk_access == 0)
	opened = {str(row["name"]): 0 for row in site.db.run(usable)}
	for kind in ("DocPerm", "Custom DocPerm"):
		t = table(kind)
		query = site.db.from_(t).select(t.role, Fn("COUNT", t["name"]).as_("number"))
		for row in site.db.run(query.where(t.role.isin(sorted(opened) or [""])).groupby(t.role)):
			opened[str(row["role"])] += int(row["number"])
	return sorted(opened.items(), key=lambda item: (item[1], item[0]))


def narrowest_role(site: Site, roles: Collection[str]) -> tuple[str, int] | None:
	"""Return that of a user's own roles which the fewest people have, and how many."""
	user, given = table("User"), table("Has Role")
	names = sorted(set(roles) - {*POWERFUL, *AUTOMATIC_ROLES})
	query = people(site, user).join(given).on(role_of(given, user)).where(given.role.isin(names or [""]))
	number = Fn("COUNT", given["name"])
	rows = site.db.run(query.select(given.role, number.as_("number")).groupby(given.role))
	found = sorted((int(row["number"]), str(row["role"])) for row in rows)
	return (found[0][1], found[0][0]) if found else None


def hiding(site: Site, user: str, doctype: str, document: str) -> list[dict[str, Any]]:
	"""Return the values that would have to be added to a user's User Permissions for one document to be seen."""
	t = table("User Permission")
	rows = site.db.run(
		site.db.from_(t)
		.select(t["allow"], t["for_value"], t.apply_to_all_doctypes, t.applicable_for)
		.where(t["user"] == user)
	)
	rows = [row for row in rows if row["apply_to_all_doctypes"] or row["applicable_for"] == doctype]
	allowed: dict[str, set[str]] = {}
	for row in rows:
		allowed.setdefault(str(row["allow"]), set()).add(str(row["for_value"]))
	needed = {doctype: document} if doctype in allowed else {}
	links = _links(site, doctype, allowed)
	if links:
		d = raw_table(f"tab{doctype}")
		values = site.db.run(
			site.db.from_(d).select(*(d[field] for field in links)).where(d["name"] == document)
		)[0]
		needed |= {kind: str(values[field]) for field, kind in links.items() if values[field]}
	return [
		{"allow": kind, "for_value": value}
		for kind, value in sorted(needed.items())
		if value not in allowed[kind]
	]


def _links(site: Site, doctype: str, kinds: Collection[str]) -> dict[str, str]:
	"""Return the link fields of a DocType that User Permissions look at, with what each links to."""
	t = table("DocField")
	query = (
		site.db.from_(t)
		.select(t.fieldname, t["options"])
		.where((t.parent == doctype) & (t.fieldtype == "Link") & t["options"].isin(sorted(kinds) or [""]))
	)
	if site.has_doctype("DocField", "ignore_user_permissions"):
		query = query.where(t.ignore_user_permissions == 0)
	columns = site.db.columns(doctype)
	return {
		str(row["fieldname"]): str(row["options"])
		for row in site.db.run(query)
		if row["fieldname"] in columns
	}
