"""Permissions of roles on DocTypes: those that apps bring, and those of the site that replace them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pypika.queries import QueryBuilder

from recovery_console.core.backends.sql import DocTable, table
from recovery_console.core.checks.portal._users import SYSTEM_USER, another, distinct_count, people, role_of
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: Roles that users have without being given them.
_EVERYBODY = frozenset({"All", "Guest"})
_DESK = "Desk User"


@dataclass(frozen=True)
class Customised:
	"""A DocType whose standard permissions are out of force, because the site has its own.

	Args:
		doctype: Its name.
		standard: Roles that may read it by the app's permissions.
		own: Roles that may read it by the site's own permissions, which are in force.
		updated_since: The app's definition came in after the site's own permissions were last changed.
	"""

	doctype: str
	standard: frozenset[str]
	own: frozenset[str]
	updated_since: bool

	@property
	def lost(self) -> list[str]:
		"""Roles that the app lets read and the site does not."""
		return sorted(self.standard - self.own)

	@property
	def replaced(self) -> bool:
		"""Tell whether most roles are gone at once: somebody added a permission and meant to keep the others."""
		return 2 * len(self.standard & self.own) < len(self.standard)


def customised(site: Site) -> list[Customised]:
	"""Return the DocTypes for which the site has permissions of its own, by name."""
	own = _readers(site, "Custom DocPerm", None)
	standard = _readers(site, "DocPerm", own)
	return [
		Customised(
			doctype,
			standard[doctype][0],
			readers,
			updated_since=str(standard[doctype][1]) > str(changed),
		)
		for doctype, (readers, changed) in sorted(own.items())
		if doctype in standard
	]


def _readers(site: Site, doctype: str, only: Iterable[str] | None) -> dict[str, tuple[frozenset[str], Any]]:
	"""Return per DocType the roles that may read it, and when the permissions were last changed."""
	if only is not None and not (only := sorted(only)):
		return {}
	t = table(doctype)
	query = site.db.from_(t).select(t.parent, t.role, t["read"], t.permlevel, t.modified)
	if only is not None:
		query = query.where(t.parent.isin(only))
	found: dict[str, tuple[frozenset[str], Any]] = {}
	for row in site.db.run(query):
		roles, changed = found.get(row["parent"], (frozenset(), row["modified"]))
		if row["read"] and not row["permlevel"]:
			roles |= {row["role"]}
		found[row["parent"]] = roles, max(changed, row["modified"], key=str)
	return found


def holders_without(site: Site, role: str, granting: frozenset[str]) -> int:
	"""Count the enabled users with a role who have none of the roles that give access."""
	if granting & _EVERYBODY or (role == _DESK and _DESK in granting):
		return 0
	user, other = table("User"), another("Has Role", "other_role")
	query = _holders(site, user, role)
	if _DESK in granting:
		query = query.where(user.user_type != SYSTEM_USER)
	assigned = sorted(granting - {_DESK})
	if assigned:
		given = role_of(other, user) & other.role.isin(assigned)
		query = query.left_join(other).on(given).where(other["name"].isnull())
	return int(site.db.value(query.select(distinct_count(user["name"]))) or 0)


def _holders(site: Site, user: DocTable, role: str) -> QueryBuilder:
	"""Start a query on the enabled users who have a role, given or automatic."""
	if role in _EVERYBODY:
		return people(site, user)
	if role == _DESK:
		return people(site, user).where(user.user_type == SYSTEM_USER)
	held = another("Has Role", "held_role")
	return people(site, user).join(held).on(role_of(held, user)).where(held.role == role)
