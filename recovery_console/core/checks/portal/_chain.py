"""The chain from a portal user to a customer or supplier, and where it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from recovery_console.core.backends.sql import table
from recovery_console.core.checks.portal._users import (
	WEBSITE_USER,
	count_and_names,
	occurring,
	people,
	recently_used,
	role_of,
)
from recovery_console.core.finding import MOST_SUBJECTS
from recovery_console.core.site import Site

#: Each is a DocType, and the role of its portal users.
PARTIES = ["Customer", "Supplier"]
#: Which link is missing.
ROLE, USER, DISABLED, ROW, LINK, CONTACT = "role", "user", "disabled", "portal_user", "link", "contact"
#: So many values at most go into one statement.
_PAGE = 500

#: How many there are, and the first of them.
Found = tuple[int, list[tuple[str, str]]]


def listed(site: Site, most: int = MOST_SUBJECTS) -> dict[str, Found]:
	"""Return what is broken with the users whom a customer or supplier lists."""
	user, row, has_role, customer = table("User"), table("Portal User"), table("Has Role"), table("Customer")
	rows = (
		site.db.from_(row)
		.left_join(user)
		.on(user["name"] == row["user"])
		.left_join(customer)
		.on((customer["name"] == row.parent) & (row.parenttype == "Customer"))
	)
	kinds: dict[str, Any] = {party: user["name"].isnull() & (row.parenttype == party) for party in PARTIES}
	kinds[DISABLED] = (user.enabled == 0) & (customer.disabled == 0)
	found: dict[str, Found] = {USER: (0, [])}
	for kind in occurring(site, rows, kinds):
		if kind == DISABLED:
			found[DISABLED] = _named(
				"User", *count_and_names(site, rows.where(kinds[kind]), user["name"], most)
			)
		else:
			count, parties = _named(kind, *count_and_names(site, rows.where(kinds[kind]), row.parent, most))
			found[USER] = found[USER][0] + count, found[USER][1] + parties
	roleless = (
		people(site, user)
		.join(row)
		.on(row["user"] == user["name"])
		.left_join(has_role)
		.on(role_of(has_role, user) & has_role.role.isin(PARTIES))
		.where((user.user_type == WEBSITE_USER) & has_role["name"].isnull())
	)
	return {ROLE: _named("User", *count_and_names(site, roleless, user["name"], most)), **found}


def unlisted(site: Site, window: timedelta) -> dict[str, Found]:
	"""Return the users in use with a role of a party whom no party lists, by the link that is missing."""
	users = _unlisted(site, window)
	contacts = contacts_of(site, users)
	linked = _linked(site, {contact for found in contacts.values() for contact in found})
	broken: dict[str, list[str]] = {ROW: [], LINK: [], CONTACT: []}
	for user in users:
		found = contacts.get(user, set())
		broken[CONTACT if not found else ROW if found & linked else LINK].append(user)
	return {kind: _named("User", len(names), names) for kind, names in broken.items()}


def _named(doctype: str, count: int, names: list[str]) -> Found:
	return count, [(doctype, name) for name in names]


def _unlisted(site: Site, window: timedelta) -> list[str]:
	user, has_role, row = table("User"), table("Has Role"), table("Portal User")
	rows = site.db.run(
		people(site, user)
		.join(has_role)
		.on(role_of(has_role, user) & has_role.role.isin(PARTIES))
		.left_join(row)
		.on(row["user"] == user["name"])
		.where((user.user_type == WEBSITE_USER) & row["name"].isnull() & recently_used(site, user, window))
		.select(user["name"])
		.distinct()
		.orderby(user["name"])
	)
	return [str(row["name"]) for row in rows]


def contacts_of(site: Site, users: list[str]) -> dict[str, set[str]]:
	"""Return the contacts of each user: those that name the user, and those with the user's address."""
	contact = table("Contact")
	found: dict[str, set[str]] = {}
	for start in range(0, len(users), _PAGE):
		page = users[start : start + _PAGE]
		for column in ("user", "email_id"):
			rows = site.db.run(
				site.db.from_(contact)
				.select(contact["name"], contact[column].as_("who"))
				.where(contact[column].isin(page))
			)
			for row in rows:
				found.setdefault(str(row["who"]), set()).add(str(row["name"]))
	return found


def _linked(site: Site, contacts: set[str]) -> set[str]:
	"""Return those contacts that are linked with a customer or supplier."""
	link = table("Dynamic Link")
	names = sorted(contacts)
	found: set[str] = set()
	for start in range(0, len(names), _PAGE):
		rows = site.db.run(
			site.db.from_(link)
			.select(link.parent)
			.where(
				link.parent.isin(names[start : start + _PAGE])
				& (link.parenttype == "Contact")
				& link.link_doctype.isin(PARTIES)
			)
			.distinct()
		)
		found |= {str(row["parent"]) for row in rows}
	return found
