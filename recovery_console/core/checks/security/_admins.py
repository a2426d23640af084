"""Who administers the site, and since when; shared by the security checks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pypika.queries import QueryBuilder

from recovery_console.core.backends.sql import DocTable, table
from recovery_console.core.checks.portal._users import ADMINISTRATOR, another, people, role_of
from recovery_console.core.site import Site

#: Who holds it can change everything but code.
ADMIN_ROLE = "System Manager"
#: More names are not worth a list in a statement.
_MOST_HOLDERS = 500


def admins(site: Site, user: DocTable, has_role: DocTable) -> QueryBuilder:
	"""Start a query on the enabled persons who are System Managers, whatever their kind of user."""
	query: QueryBuilder = people(site, user).join(has_role).on(role_of(has_role, user))
	names = site.remember("security.holders", lambda: _holders(site))
	if len(names) <= _MOST_HOLDERS:
		query = query.where(has_role.parent.isin(names or [""]))
	return query.where(has_role.role == ADMIN_ROLE)


def _holders(site: Site) -> list[str]:
	"""Return who holds the role, found once for all checks: roles have no index, their holders' names have."""
	t = table("Has Role")
	query = site.db.from_(t).where((t.role == ADMIN_ROLE) & (t.parenttype == "User"))
	rows = site.db.run(query.select(t.parent).distinct().limit(_MOST_HOLDERS + 1))
	return [str(row["parent"]) for row in rows]


def is_admin(query: QueryBuilder, user: DocTable, *, wanted: bool) -> QueryBuilder:
	"""Narrow a query on users to those who are System Managers, or to those who are not."""
	held = another("Has Role", "held_role")
	joined = query.left_join(held).on(role_of(held, user) & (held.role == ADMIN_ROLE))
	return joined.where(held["name"].notnull() if wanted else held["name"].isnull())


def younger_than(site: Site, since: datetime) -> bool:
	"""Tell whether the site itself was made after a database time: then everything in it is new."""
	t = table("User")
	made = site.db.value(site.db.from_(t).select(t.creation).where(t["name"] == ADMINISTRATOR))
	moment, limit = site.moment(made), site.moment(since)
	return moment is not None and limit is not None and moment >= limit


def given_by_hand(site: Site, query: QueryBuilder, user: DocTable) -> tuple[QueryBuilder, Any]:
	"""Join what tells users with a Role Profile, and return the condition that a user has none.

	Frappe writes the roles of a user with a profile anew whenever the user is saved: their dates say nothing.
	"""
	none: Any = user.role_profile_name.isnull() | (user.role_profile_name == "")
	if site.has_doctype("User Role Profile", "role_profile"):
		profile = table("User Role Profile")
		query = query.left_join(profile).on(profile.parent == user["name"])
		none &= profile["name"].isnull()
	return query, none
