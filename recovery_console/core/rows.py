"""Reading rows so that a plan can change them exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pypika.queries import QueryBuilder

from recovery_console.core.backends.sql import raw_table, table
from recovery_console.core.edits import RowEdit
from recovery_console.core.site import Site

#: Rows are looked up by name in pieces of this size.
PAGE = 500


def changed(doctype: str, row: Mapping[str, Any], **after: Any) -> RowEdit:
	"""Return the edit that sets columns of a row that was read with its name and all of these columns.

	Give ``modified`` when the documents' own forms should notice; it must have been read too.
	"""
	return RowEdit(f"tab{doctype}", {"name": row["name"]}, {name: row[name] for name in after}, after)


def deleted(doctype: str, row: Mapping[str, Any]) -> RowEdit:
	"""Return the edit that deletes a row that was read whole, by ``whole_rows``."""
	return RowEdit(f"tab{doctype}", {"name": row["name"]}, dict(row), None)


def inserted(doctype: str, row: Mapping[str, Any]) -> RowEdit:
	"""Return the edit that inserts a row."""
	return RowEdit(f"tab{doctype}", {"name": row["name"]}, None, dict(row))


def single_changed(site: Site, doctype: str, field: str, after: Any) -> RowEdit:
	"""Return the edit that sets a field of a single DocType, as ``tabSingles`` holds it."""
	t = raw_table("tabSingles")
	found = site.db.run(
		site.db.from_(t).select(t["value"]).where((t["doctype"] == doctype) & (t["field"] == field))
	)
	key = {"doctype": doctype, "field": field}
	if not found:
		return RowEdit("tabSingles", key, None, {**key, "value": str(after)})
	return RowEdit("tabSingles", key, {"value": found[0]["value"]}, {"value": str(after)})


def whole_rows(site: Site, query: QueryBuilder) -> list[dict[str, Any]]:
	"""Return rows with every column, for a query without a selection."""
	return site.db.run(query.select("*"))


def rows_named(
	site: Site, doctype: str, names: Iterable[str], columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
	"""Yield the rows with these names, with these columns and ``name``, in the order given; missing ones not."""
	t = table(doctype)
	wanted = list(dict.fromkeys(names))
	for start in range(0, len(wanted), PAGE):
		page = wanted[start : start + PAGE]
		chosen = [t[column] for column in dict.fromkeys(("name", *columns))]
		found = {
			str(row["name"]): row
			for row in site.db.run(site.db.from_(t).select(*chosen).where(t["name"].isin(page)))
		}
		yield from (found[name] for name in page if name in found)
