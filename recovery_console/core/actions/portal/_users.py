"""What the actions of the portal and of security share: users who were named, and System Settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from recovery_console.core.backends.sql import table
from recovery_console.core.cached import defaults_cache, document_cache
from recovery_console.core.checks.portal._users import STANDARD_USERS
from recovery_console.core.edits import CacheDrop, Edit
from recovery_console.core.errors import SourceUnavailable, UsageError
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import LeftOut
from recovery_console.core.rows import changed, rows_named, single_changed
from recovery_console.core.site import Site

SETTINGS = "System Settings"
#: So many things that are left alone are named.
SHOWN = 20

Row = dict[str, Any]


def users_named(
	site: Site, names: Sequence[str], *columns: str, doctype: str = "User", standard: bool = False
) -> list[Row]:
	"""Return the rows of users, or of other documents, that somebody named.

	Args:
		site: The site.
		names: Their names.
		*columns: What is read besides the name.
		doctype: What they are.
		standard: Administrator and Guest may be among them.

	Raises:
		UsageError: One is not there, or is nobody's account.
	"""
	rows = list(rows_named(site, doctype, names, columns))
	there = {str(row["name"]) for row in rows}
	unknown = [name for name in names if name not in there]
	if unknown:
		raise UsageError(
			f"There is no {doctype} {unknown[0][:80]!r} on {site.name}.",
			remedy="Give names as the list of documents shows them, capitals included.",
		)
	own = [name for name in names if doctype == "User" and not standard and name in STANDARD_USERS]
	if own:
		raise UsageError(
			f"{own[0]} is an account of Frappe's own, which this does not touch.",
			remedy="Name users who are persons. Administrator's password: bench --site SITE set-admin-password.",
		)
	return rows


def must_name(names: Sequence[str], what: str) -> None:
	"""Insist on names where taking everybody would be a mistake.

	Raises:
		UsageError: There are none.
	"""
	if not names:
		raise UsageError(f"Nobody was named: {what}.", remedy="Give names=… with commas between them.")


def left_alone(doctype: str, names: Iterable[str], why: str) -> list[LeftOut]:
	"""Return the first of some documents as left out for one reason."""
	return [LeftOut(Subject(doctype, name), why) for name in sorted(names)[:SHOWN]]


def settings_changed(site: Site, values: Mapping[str, str | int]) -> list[Edit]:
	"""Return the edits that set fields of System Settings, and the defaults that Frappe made of them.

	Fields that hold the value already are left out. An open form of System Settings notices.
	"""
	edits: list[Edit] = [
		single_changed(site, SETTINGS, field, value)
		for field, value in values.items()
		if site.single(SETTINGS, field) != str(value)
	]
	t = table("DefaultValue")
	query = site.db.from_(t).select(t["name"], t["defkey"], t["defvalue"])
	where = (t["parent"] == "__default") & t["defkey"].isin(list(values))
	for row in site.db.run(query.where(where).orderby(t["name"])):
		after = str(values[row["defkey"]])
		if row["defvalue"] != after:
			edits.append(changed("DefaultValue", row, defvalue=after))
	if not edits:
		return []
	edits.append(single_changed(site, SETTINGS, "modified", str(site.ago(timedelta(0)))))
	return noticed(site, (document_cache(site, SETTINGS, SETTINGS), defaults_cache(site)), *edits)


def noticed(site: Site, drops: Sequence[CacheDrop], *edits: Edit) -> list[Edit]:
	"""Return edits with kept copies dropped before and after them, so that the site notices the change.

	A cache that does not answer holds nothing that could be old, and must not keep anybody from being let in.
	"""
	try:
		with site.cache.client() as client:
			client.ping()
	except SourceUnavailable:
		return list(edits)
	return [*drops, *edits, *drops]


def per_user(rows: Iterable[Row], column: str = "parent") -> dict[str, list[Row]]:
	"""Return rows by whom they belong to."""
	found: dict[str, list[Row]] = {}
	for row in rows:
		found.setdefault(str(row[column]), []).append(row)
	return found


def first_of(names: Iterable[str]) -> str:
	"""Return names in one line, the first of them where there are many."""
	listed = sorted(names)
	return ", ".join(listed[:5]) + (_(" and {0} more").format(len(listed) - 5) if len(listed) > 5 else "")
