"""What the portal checks share about users, roles and mail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pypika import Case
from pypika import functions as fn
from pypika.queries import QueryBuilder

from recovery_console.core.backends.database import Row
from recovery_console.core.backends.sql import DocTable, table
from recovery_console.core.finding import MOST_SUBJECTS
from recovery_console.core.site import Site

ADMINISTRATOR = "Administrator"
GUEST = "Guest"
#: Accounts that every site has and nobody owns.
STANDARD_USERS = (ADMINISTRATOR, GUEST)
#: Frappe gives these by itself; no user needs them assigned.
AUTOMATIC_ROLES = ("Guest", "All", "Desk User", "Administrator")
#: Who is known to Frappe as a portal user. Kinds of one's own are ruled by their User Type.
WEBSITE_USER = "Website User"
SYSTEM_USER = "System User"


def people(site: Site, user: DocTable) -> QueryBuilder:
	"""Start a query on the enabled users who are persons."""
	return site.db.from_(user).where((user.enabled == 1) & user["name"].notin(STANDARD_USERS))


def recently_used(site: Site, user: DocTable, window: timedelta) -> Any:
	"""The condition that an account was used, or made, within a window."""
	since = site.ago(window)
	return (user.last_active >= since) | (user.creation >= since)


def role_of(has_role: DocTable, user: DocTable) -> Any:
	"""The condition that a row of Has Role belongs to a user."""
	return (has_role.parent == user["name"]) & (has_role.parenttype == "User")


def another(doctype: str, alias: str) -> DocTable:
	"""Return the table of a DocType under another name, for a statement that needs it twice."""
	return DocTable(f"tab{doctype}", alias=alias)


def distinct_count(column: Any) -> Any:
	"""Count the different values of a column."""
	number: Any = fn.Count(column)
	return number.distinct()


def count_and_names(
	site: Site, query: QueryBuilder, column: Any, most: int = MOST_SUBJECTS
) -> tuple[int, list[str]]:
	"""Return how many different values a query finds in a column, and the first of them by name."""
	total = int(site.db.value(query.select(distinct_count(column))) or 0)
	if not total:
		return 0, []
	rows: list[Row] = site.db.run(query.select(column.as_("name")).distinct().orderby(column).limit(most))
	return total, [str(row["name"]) for row in rows]


def occurring(site: Site, query: QueryBuilder, kinds: Mapping[str, Any]) -> list[str]:
	"""Return those kinds whose condition holds for any row of a query: one walk for all of them."""
	sums = [fn.Sum(Case().when(condition, 1).else_(0)).as_(kind) for kind, condition in kinds.items()]
	row = site.db.run(query.select(*sums))[0]
	return [kind for kind in kinds if row[kind]]


def can_send_mail(site: Site) -> bool:
	"""Tell whether the site has an account through which Frappe sends its own mail."""
	if site.config.get("mail_server"):
		return True
	account = table("Email Account")
	return bool(
		site.db.count(
			site.db.from_(account).where((account.enable_outgoing == 1) & (account.default_outgoing == 1))
		)
	)
