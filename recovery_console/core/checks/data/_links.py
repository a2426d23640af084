"""Following the links of documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from recovery_console.core.backends.sql import DocTable
from recovery_console.core.checks.data._rows import Place, places, recent
from recovery_console.core.meta import aliased, read_fields
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Link:
	"""A column that names a document of another DocType.

	Args:
		place: The column.
		target: The DocType that it names a document of.
		kind: The column that says so, where rows differ in it; empty where they do not.
	"""

	place: Place
	target: str
	kind: str = ""

	def rows(self, site: Site, window: timedelta, *, joined: DocTable) -> QueryBuilder:
		"""Start a query on the rows made within the window, with the document that each names, if it exists."""
		t = self.place.table
		conditions: list[Any] = [t[self.place.field] != "", recent(site, t, window)]
		if self.kind:
			conditions.append(t[self.kind] == self.target)
		return (
			site.db.from_(t)
			.left_join(joined)
			.on(joined["name"] == t[self.place.field])
			.where(Criterion.all(conditions))
		)

	def to(self) -> DocTable:
		"""Return the other table, for ``rows``."""
		return aliased(self.target, "target")


def links(site: Site, text: str, window: timedelta) -> Iterator[Link]:
	"""Yield the links that a threshold names, as this site defines them: those whose targets have tables."""
	wanted = places(site, text)
	meta = read_fields(site, [place.doctype for place in wanted])
	found = []
	for place in wanted:
		field = meta.get(place.doctype, {}).get(place.field)
		if field is None:
			continue
		if field.fieldtype == "Link":
			found.append(Link(place, field.options))
		elif field.fieldtype == "Dynamic Link":
			found += [Link(place, kind, field.options) for kind in _kinds(site, place, field.options, window)]
	site.db.learn([f"tab{link.target}" for link in found])
	yield from (link for link in found if site.has_doctype(link.target))


def _kinds(site: Site, place: Place, column: str, window: timedelta) -> list[str]:
	t = place.table
	query = site.db.from_(t).select(t[column].as_("kind")).distinct()
	rows = site.db.run(query.where((t[column] != "") & recent(site, t, window)))
	return sorted(str(row["kind"]) for row in rows)
