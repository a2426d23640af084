"""Secrets of users as the site keeps them: read whole, so that taking one away can be taken back."""

from __future__ import annotations

from collections.abc import Sequence

from recovery_console.core.actions.portal._users import Row, per_user
from recovery_console.core.backends.sql import raw_table
from recovery_console.core.edits import RowEdit
from recovery_console.core.rows import PAGE, whole_rows
from recovery_console.core.site import Site


def kept_secrets(site: Site, field: str, users: Sequence[str]) -> dict[str, list[Row]]:
	"""Return the whole rows of one secret of users."""
	t = raw_table("__Auth")
	found: list[Row] = []
	for start in range(0, len(users), PAGE):
		names = list(users[start : start + PAGE])
		query = site.db.from_(t).where((t["doctype"] == "User") & (t["fieldname"] == field))
		found += whole_rows(site, query.where(t["name"].isin(names)))
	return per_user(found, "name")


def secret_deleted(row: Row) -> RowEdit:
	"""Return the edit that deletes a stored secret."""
	key = {name: row[name] for name in ("doctype", "name", "fieldname")}
	return RowEdit("__Auth", key, dict(row), None)
