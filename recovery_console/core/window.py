"""Looking at the newest rows of a table only: a look that costs the same on a table of ten years."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pypika.enums import Order
from pypika.terms import Criterion

from recovery_console.core.backends.sql import Bind, DocTable, table
from recovery_console.core.site import Site

#: Checks that compare every document with its own rows look at no more of them, unless a site wants them to.
NEWEST = 5_000
#: And those that compare only the columns of a document with each other, at no more than these.
NEWEST_ALONE = 20_000


def indexed_time(site: Site) -> str:
	"""Return which time of a document has the index: Frappe 15 keeps one on ``modified``, 16 on ``creation``."""
	return "creation" if site.frappe_major >= 16 else "modified"


def lately(site: Site, source: Any, window: timedelta, most: int = 0) -> Criterion:
	"""Return the condition that a row was made within a window and is among the newest.

	Args:
		site: The site.
		source: A table, or a profile's source of rows.
		window: How far back.
		most: About so many of the newest rows at most, by the time that has the index; all of them by default.
	"""
	since = site.ago(window)
	condition: Criterion = (source["creation"] >= since) & (source["modified"] >= since)
	return condition & among_newest(site, source, most) if most else condition


def among_newest(site: Site, source: Any, most: int) -> Criterion:
	"""Return the condition that a row is one of about so many of the newest, by the time that has the index.

	Not for child tables: theirs has none.
	"""
	doctype = _doctype(source) if isinstance(source, DocTable) else source.role.doctype
	first = site.remember(f"window:{doctype}:{most}", lambda: _first_of(site, doctype, most))
	# PyPika's own empty condition cannot be rendered by the version that Frappe 15 brings.
	everything: Criterion = Bind(1) == Bind(1)
	return everything if first is None else source[indexed_time(site)] >= first


def _doctype(source: DocTable) -> str:
	name: str = source._table_name  # noqa: SLF001 (its public name is the alias)
	return name.removeprefix("tab")


def _first_of(site: Site, doctype: str, most: int) -> Any:
	"""Return the time of the oldest of the newest rows; None where there are no more than these."""
	t = table(doctype)
	time = t[indexed_time(site)]
	query = site.db.from_(t).select(time.as_("first")).orderby(time, order=Order.desc)
	return site.db.value(query.limit(1).offset(most))
