"""Following the links of documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from pypika import Case
from pypika import functions as fn
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from recovery_console.core.backends.sql import DocTable, bind, table
from recovery_console.core.checks.data._rows import Place, places, recent, together
from recovery_console.core.meta import aliased, read_fields
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: So many tables at most are joined in one pass: MariaDB joins no more than 61, SQLite 64.
MOST_JOINED = 50


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
		query = made_lately(site, self.place, self.owner, window, most).where(self.is_set())
		return query.left_join(joined).on(joined["name"] == self.place.table[self.place.field])

	def is_set(self) -> Criterion:
		"""Return the condition that a row names something there."""
		t = self.place.table
		there: Criterion = t[self.place.field] != ""
		return there & (t[self.kind] == self.target) if self.kind else there

	def leads_to(self, target: DocTable) -> Criterion:
		"""Return the condition that a row names this document of the other table."""
		return (target["name"] == self.place.table[self.place.field]) & self.is_set()

	def to(self) -> DocTable:
		"""Return the other table, for ``rows``."""
		return aliased(self.target, "target")


def counted(
	site: Site,
	followed: Sequence[Link],
	window: timedelta,
	most: int,
	wrong: Callable[[Link, DocTable], Criterion],
) -> list[int]:
	"""Return for each link how many of the newest rows it is wrong in: one pass over each DocType, in one statement.

	Args:
		site: The site.
		followed: The links.
		window: How far back rows are looked at.
		most: About so many rows of a DocType at most.
		wrong: Given a link and its target, joined where it exists, returns what holds of a row in which it is wrong.
	"""
	filled = site.db.filled(f"tab{link.place.doctype}" for link in followed)
	by_doctype: dict[str, list[Link]] = {}
	for link in followed:
		if f"tab{link.place.doctype}" in filled:
			by_doctype.setdefault(link.place.doctype, []).append(link)
	shares = [
		some[start : start + MOST_JOINED]
		for some in by_doctype.values()
		for start in range(0, len(some), MOST_JOINED)
	]
	if not shares:
		return [0] * len(followed)
	width = max(map(len, shares))
	passes = []
	for number, some in enumerate(shares):
		query = made_lately(site, some[0].place, some[0].owner, window, most)
		columns: list[Any] = [bind(0)] * width
		for place, link in enumerate(some):
			target = aliased(link.target, f"target{place}")
			query = query.left_join(target).on(link.leads_to(target))
			columns[place] = fn.Sum(Case().when(link.is_set() & wrong(link, target), bind(1)).else_(bind(0)))
		named = [column.as_(f"n{place}") for place, column in enumerate(columns)]
		passes.append(query.select(bind(number).as_("at"), *named))
	rows = {int(row["at"]): row for row in site.db.run(together(passes))}
	found = {
		id(link): int(rows[number][f"n{place}"] or 0)
		for number, some in enumerate(shares)
		for place, link in enumerate(some)
	}
	return [found.get(id(link), 0) for link in followed]


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
