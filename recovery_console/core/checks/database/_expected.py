"""The tables and columns that the site's DocTypes call for."""

from __future__ import annotations

from collections.abc import Iterator

from pypika import functions as fn
from pypika.queries import QueryBuilder

from recovery_console.core.backends.sql import Fn, table
from recovery_console.core.checks.database._tables import joined
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: Where fields stand, and the column that names their DocType.
_SOURCES = (("DocField", "parent"), ("Custom Field", "dt"))
#: Fields of these types are shown or lead elsewhere; they have no column.
NO_COLUMN = frozenset(
	{
		*("Section Break", "Column Break", "Tab Break", "HTML", "Table", "Table MultiSelect"),
		*("Button", "Image", "Fold", "Heading"),
	}
)
#: No index is made on columns of these types.
NO_INDEX = frozenset(
	{
		*("Small Text", "Text", "Long Text", "Code", "Text Editor", "Markdown Editor", "HTML Editor"),
		*("Password", "Attach", "Attach Image", "Signature", "Barcode", "Geolocation", "JSON"),
	}
)


@dataclass(frozen=True)
class Expected:
	"""DocTypes with a table of their own (name → whether it is a child table), and their columns in lower case."""

	doctypes: dict[str, bool]
	columns: dict[str, set[str]]


def expected(site: Site) -> Expected:
	"""Return what the DocTypes call for: four statements for all checks of a diagnosis."""

	def read() -> Expected:
		t = table("DocType")
		stored = site.db.from_(t).select(t["name"].as_("text")).where((t.issingle == 0) & (t.is_virtual == 0))
		children = set(site.db.texts(stored.where(t.istable == 1)))
		doctypes = {name: name in children for name in site.db.texts(stored)}
		columns: dict[str, set[str]] = {}
		for source, owner in _SOURCES:
			for doctype, names in _columns(site, source, owner):
				if doctype in doctypes:
					columns.setdefault(doctype, set()).update(names)
		return Expected(doctypes, columns)

	return site.remember("database.expected", read)


def indexed_fields(site: Site) -> list[tuple[str, str]]:
	"""Return DocType and name of the fields for which Frappe makes an index."""
	found: list[tuple[str, str]] = []
	for source, owner in _SOURCES:
		t = table(source)
		query = _stored(site, source).where((t["search_index"] == 1) | (t["unique"] == 1))
		rows = site.db.run(
			query.where(t.fieldtype.notin(sorted(NO_INDEX))).select(t[owner].as_("doctype"), t.fieldname)
		)
		found += [(str(row["doctype"]), str(row["fieldname"])) for row in rows]
	return found


def _columns(site: Site, source: str, owner: str) -> Iterator[tuple[str, set[str]]]:
	"""Yield DocType and columns, joined in the database: a site has tens of thousands of fields."""
	t = table(source)
	names = (
		Fn("STRING_AGG", t.fieldname, ",")
		if site.db.dialect == "postgres"
		else Fn("GROUP_CONCAT", t.fieldname)
	)
	query = _stored(site, source).select(t[owner].as_("doctype"), names.as_("names"), fn.Count("*").as_("n"))
	for row in site.db.run(query.groupby(t[owner])):
		yield str(row["doctype"]), joined(row["names"], row["n"])


def _stored(site: Site, source: str) -> QueryBuilder:
	"""Return a query for the fields that store something."""
	t = table(source)
	query = site.db.from_(t).where(t.fieldtype.notin(sorted(NO_COLUMN)) & (t.fieldname != ""))
	return query.where(t.is_virtual == 0) if site.has_doctype(source, "is_virtual") else query
