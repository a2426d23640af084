"""Following the links of documents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from pypika.queries import QueryBuilder

from recovery_console.core.backends.sql import DocTable, table
from recovery_console.core.checks.data._rows import Place, places, recent
from recovery_console.core.meta import aliased, read_fields
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Link:
	"""A column that names a document of another DocType.

	Args:
		place: The column.
		target: The DocType that it names a document of.
		kind: The column that says so, where rows differ in it; empty where they do not.
		owner: For a row of a child table, the DocType of the documents that it is part of, where that is one.
	"""

	place: Place
	target: str
	kind: str = ""
	owner: str = ""

	def rows(self, site: Site, window: timedelta, most: int, *, joined: DocTable) -> QueryBuilder:
		"""Start a query on the newest rows of the window, with the document that each names, if it exists."""
		t = self.place.table
		query = made_lately(site, self.place, self.owner, window, most).where(t[self.place.field] != "")
		if self.kind:
			query = query.where(t[self.kind] == self.target)
		return query.left_join(joined).on(joined["name"] == t[self.place.field])

	def to(self) -> DocTable:
		"""Return the other table, for ``rows``."""
		return aliased(self.target, "target")


def made_lately(site: Site, place: Place, owner: str, window: timedelta, most: int) -> QueryBuilder:
	"""Start a query on the newest rows of a window.

	Times of child tables have no index: there the way leads through the documents that they are part of.
	"""
	t = place.table
	query = site.db.from_(t).where(recent(site, t, window, 0 if owner else most))
	if owner:
		document = aliased(owner, "document")
		query = query.join(document).on((document["name"] == t.parent) & (t.parenttype == owner))
		query = query.where(recent(site, document, window, most))
	return query


def links(site: Site, text: str, window: timedelta, most: int) -> Iterator[Link]:
	"""Yield the links that a threshold names, as this site defines them: those whose targets have tables."""
	wanted = places(site, text)
	meta = read_fields(site, {place.doctype for place in wanted}, {place.field for place in wanted})
	owner = _owners(
		site, [place.doctype for place in wanted if site.has_doctype(place.doctype, "parenttype")]
	)
	found = []
	for place in wanted:
		field = meta.get(place.doctype, {}).get(place.field)
		if field is None:
			continue
		if field.fieldtype == "Link":
			found.append(Link(place, field.options, owner=owner.get(place.doctype, "")))
		elif field.fieldtype == "Dynamic Link":
			named = owner.get(place.doctype, "")
			kinds = _kinds(site, place, field.options, made_lately(site, place, named, window, most))
			found += [Link(place, kind, field.options, named) for kind in kinds]
	site.db.learn([f"tab{link.target}" for link in found])
	yield from (link for link in found if site.has_doctype(link.target))


def _owners(site: Site, children: list[str]) -> dict[str, str]:
	"""Return the one DocType that holds rows of each child table; nothing for a child table of several."""
	holders: dict[str, set[str]] = {}
	for source, owner in (("DocField", "parent"), ("Custom Field", "dt")):
		t = table(source)
		query = site.db.from_(t).select(t[owner].as_("owner"), t.options)
		tables = t.fieldtype.isin(["Table", "Table MultiSelect"]) & t.options.isin(children or [""])
		for row in site.db.run(query.where(tables)):
			holders.setdefault(str(row["options"]), set()).add(str(row["owner"]))
	site.db.learn(f"tab{name}" for names in holders.values() for name in names)
	return {
		child: name
		for child, names in holders.items()
		if len(names) == 1 and site.has_doctype(name := next(iter(names)))
	}


def _kinds(site: Site, place: Place, column: str, lately: QueryBuilder) -> list[str]:
	t = place.table
	rows = site.db.run(lately.select(t[column].as_("kind")).distinct().where(t[column] != ""))
	return sorted(str(row["kind"]) for row in rows)
