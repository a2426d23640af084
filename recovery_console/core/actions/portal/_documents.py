"""Documents with their child tables, as a plan names them before and after."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from recovery_console.core.actions.portal._users import Row, per_user
from recovery_console.core.backends.sql import table
from recovery_console.core.edits import DocumentEdit
from recovery_console.core.rows import PAGE
from recovery_console.core.site import Site

Children = tuple[dict[str, Any], ...]


def saved(doctype: str, row: Mapping[str, Any], **after: Any) -> DocumentEdit:
	"""Return the edit that sets fields of a document that was read with its name and all of these fields."""
	before = {name: row[name] for name in after}
	return DocumentEdit(doctype, str(row["name"]), "save", before, after)


def children(
	site: Site, doctype: str, parenttype: str, parents: Iterable[str], *fields: str
) -> dict[str, Children]:
	"""Return the rows of a child table of several documents, in order, with their names and some fields."""
	t = table(doctype)
	names = list(dict.fromkeys(parents))
	found: list[Row] = []
	for start in range(0, len(names), PAGE):
		query = site.db.from_(t).select(t["name"], t["parent"], *(t[field] for field in fields))
		where = (t["parenttype"] == parenttype) & t["parent"].isin(names[start : start + PAGE])
		found += site.db.run(query.where(where).orderby(t["idx"]).orderby(t["name"]))
	by_parent = per_user(found)
	return {
		name: tuple({key: row[key] for key in ("name", *fields)} for row in by_parent.get(name, []))
		for name in names
	}


def roles_of(site: Site, users: Iterable[str], parenttype: str = "User") -> dict[str, Children]:
	"""Return the roles that users, or role profiles, hold by rows of their own."""
	return children(site, "Has Role", parenttype, users, "role")


def roles_changed(
	user: str, held: Children, add: Sequence[str] = (), remove: Collection[str] = ()
) -> DocumentEdit | None:
	"""Return the edit that gives a user roles and takes roles away; None where nothing would change."""
	has = {row["role"] for row in held}
	after = (
		*(row for row in held if row["role"] not in remove),
		*({"role": role} for role in dict.fromkeys(add) if role not in has),
	)
	if after == held:
		return None
	return DocumentEdit("User", user, "save", {"roles": held}, {"roles": after})


def ruled_by_profile(site: Site, users: Sequence[str]) -> set[str]:
	"""Return those users whose roles are written anew from a role profile whenever they are saved."""
	t = table("User")
	found: set[str] = set()
	for start in range(0, len(users), PAGE):
		page = list(users[start : start + PAGE])
		query = site.db.from_(t).select(t["name"]).where(t["name"].isin(page))
		rows = site.db.run(query.where(t.role_profile_name.notnull() & (t.role_profile_name != "")))
		found |= {str(row["name"]) for row in rows}
	if site.has_doctype("User Role Profile", "role_profile"):
		profiles = children(site, "User Role Profile", "User", users, "role_profile")
		found |= {user for user, rows in profiles.items() if rows}
	return found
