"""The chain from an active member to user, role and customer, and where it is broken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pypika.queries import QueryBuilder

from recovery_console.core.backends.sql import DocTable, Fn, table
from recovery_console.core.checks.portal._users import WEBSITE_USER, occurring, people, role_of
from recovery_console.core.site import Site

#: The member portal asks for this role.
ROLE = "Verenigingen Member"


def broken(site: Site, member: DocTable) -> Iterator[tuple[str, QueryBuilder]]:
	"""Yield each kind of break with the query that finds its members."""
	user, customer, has_role = table("User"), table("Customer"), table("Has Role")
	active = (
		site.db.from_(member)
		.left_join(user)
		.on(user["name"] == member["user"])
		.left_join(customer)
		.on(customer["name"] == member.customer)
		.where(member.status == "Active")
	)
	kinds = {
		"user": user["name"].isnull() & filled(member, "user"),
		"disabled": user.enabled == 0,
		"customer": customer["name"].isnull(),
	}
	for kind in occurring(site, active, kinds):
		yield kind, active.where(kinds[kind])
	with_user = people(site, user).join(member).on(member["user"] == user["name"])
	yield (
		"role",
		with_user.left_join(has_role)
		.on(role_of(has_role, user) & (has_role.role == ROLE))
		.where((member.status == "Active") & (user.user_type == WEBSITE_USER) & has_role["name"].isnull()),
	)
	by_address = people(site, user).join(member).on(member.email == user["name"])
	yield "unlinked", by_address.where((member.status == "Active") & filled(member, "user").negate())


def filled(member: DocTable, column: str) -> Any:
	"""The condition that a link of a member names something."""
	return Fn("COALESCE", member[column], "") != ""
