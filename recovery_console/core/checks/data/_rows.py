"""Which columns the checks of this family look at, and how they name what they find."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from recovery_console.core.backends.sql import DocTable, table
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.window import lately

Named = list[tuple[str, str]]


@dataclass(frozen=True)
class Place:
	"""A column of a DocType."""

	doctype: str
	field: str

	@property
	def table(self) -> DocTable:
		return table(self.doctype)


def places(site: Site, text: str) -> list[Place]:
	"""Return the columns that a threshold names, such as ``User.email, Member.email``: those the site has."""
	named = [part.strip().rpartition(".") for part in text.split(",")]
	wanted = [Place(doctype.strip(), field.strip()) for doctype, dot, field in named if dot and doctype]
	site.db.learn([f"tab{place.doctype}" for place in wanted])
	return [place for place in wanted if site.has_doctype(place.doctype, place.field)]


def listed(site: Site, text: str) -> list[str]:
	"""Return the DocTypes that a threshold names: those the site has a table for."""
	wanted = [part.strip() for part in text.split(",") if part.strip()]
	site.db.learn([f"tab{doctype}" for doctype in wanted])
	return [doctype for doctype in wanted if site.has_doctype(doctype)]


def recent(site: Site, source: Any, window: timedelta, most: int = 0) -> Criterion:
	"""Return the condition that a row was made within the window, and is among the newest where a number is given."""
	return lately(site, source, window, most)


def together(queries: Sequence[QueryBuilder]) -> Any:
	"""Return one query with the rows of all of these, which select the same columns."""
	first: Any
	first, *others = queries
	first.wrap_set_operation_queries = False  # SQLite knows no parentheses there, and the others need none
	for query in others:
		first = first.union_all(query)
	return first


def owner_columns(site: Site, place: Place) -> list[Any]:
	"""Return what to select so that ``owners`` can name a row, or the document that a child row is part of."""
	t = place.table
	if site.has_doctype(place.doctype, "parent", "parenttype"):
		return [t.parent.as_("id"), t.parenttype.as_("doctype")]
	return [t["name"].as_("id")]


def owners(place: Place, rows: list[dict[str, Any]]) -> Named:
	"""Return rows as subjects, each document once."""
	found = [(str(row.get("doctype") or place.doctype), str(row["id"])) for row in rows]
	return list(dict.fromkeys(found))


def in_use(site: Site, place: Place) -> Criterion:
	"""Return the condition that a record is neither switched off nor cancelled."""
	t = place.table
	conditions = [t.docstatus < 2]
	if site.has_doctype(place.doctype, "disabled"):
		conditions.append(t.disabled == 0)
	return Criterion.all(conditions)
