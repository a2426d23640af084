"""Whom two-factor authentication asks, and what is kept for them."""

from __future__ import annotations

from pypika.queries import QueryBuilder

from recovery_console.core.backends.sql import DocTable, table
from recovery_console.core.checks.portal._users import people, role_of
from recovery_console.core.site import Site

#: The defaults under this parent are the users' secrets and marks.
PARENT = "__2fa"
SECRET = "_otpsecret"  # noqa: S105 - the ending of a key
REGISTERED = "_otplogin"


def is_on(site: Site) -> bool:
	"""Tell whether two-factor authentication is switched on."""
	return bool(site.single_int("System Settings", "enable_two_factor_auth"))


def roles(site: Site) -> list[str]:
	"""Return the roles whose holders are asked."""
	role = table("Role")
	rows = site.db.run(site.db.from_(role).select(role["name"]).where(role.two_factor_auth == 1))
	return [str(row["name"]) for row in rows]


def asked(site: Site, user: DocTable, asking: list[str]) -> QueryBuilder:
	"""Start a query on the users who are asked. Administrator never is."""
	query = people(site, user)
	if "All" in asking:
		return query
	has_role = table("Has Role")
	return query.join(has_role).on(role_of(has_role, user)).where(has_role.role.isin(asking))


def not_registered(site: Site, asking: list[str]) -> list[str]:
	"""Return the users who are asked and never finished setting up their app."""
	t, user = table("DefaultValue"), table("User")
	marks = site.db.run(site.db.from_(t).select(t.defkey).where(t.parent == PARENT))
	done = {str(row["defkey"]) for row in marks}
	rows = site.db.run(asked(site, user, asking).select(user["name"]).distinct().orderby(user["name"]))
	return [name for row in rows if (name := str(row["name"])) + REGISTERED not in done]
