"""What the queries of this family share."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pypika import functions as fn
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from recovery_console.core.backends.sql import Fn
from recovery_console.core.finding import most_subjects
from recovery_console.core.site import Site
from recovery_console.core.window import lately

#: Amounts that differ by less are the same: sums of rounded amounts.
CENT = 0.011
#: So many rows are added up here rather than in the database.
MOST_READ = 1000
Named = list[tuple[str, str]]


def recent(site: Site, source: Any, window: timedelta, most: int = 0) -> Criterion:
	"""Return the condition that a row was made within the window, and is among the newest where a number is given."""
	return lately(site, source, window, most)


def differ(one: Any, other: Any, tolerance: float = CENT) -> Criterion:
	"""Return the condition that two amounts are not the same."""
	condition: Criterion = Fn("ABS", Fn("COALESCE", one, 0) - Fn("COALESCE", other, 0)) > tolerance
	return condition


def totals(site: Site, query: QueryBuilder, amount: Any, since: Any) -> dict[str, Any]:
	"""Return how many rows a query has (``n``), what they come to (``amount``) and their oldest day."""
	(row,) = site.db.run(
		query.select(fn.Count("*").as_("n"), fn.Sum(amount).as_("amount"), fn.Min(since).as_("oldest"))
	)
	return {"n": int(row["n"] or 0), "amount": money(row["amount"]), "oldest": row["oldest"]}


def first_and_totals(site: Site, query: QueryBuilder, name: Any, amount: Any, since: Any) -> dict[str, Any]:
	"""Return what ``totals`` does, and the first names (``names``): in one pass where there are not many rows."""
	columns = (name.as_("id"), amount.as_("amount"), since.as_("day"))
	rows = site.db.run(query.select(*columns).orderby(since).orderby(name).limit(MOST_READ + 1))
	names = [str(row["id"]) for row in rows[: most_subjects()]]
	if len(rows) > MOST_READ:
		return {**totals(site, query, amount, since), "names": names}
	whole = money(sum(float(row["amount"] or 0) for row in rows))
	return {"n": len(rows), "amount": whole, "oldest": rows[0]["day"] if rows else None, "names": names}


def oldest_first(site: Site, query: QueryBuilder, doctype: str, name: Any, since: Any) -> Named:
	"""Return the first rows of a query as subjects."""
	rows = site.db.run(query.select(name.as_("id")).orderby(since).orderby(name).limit(most_subjects()))
	return [(doctype, str(row["id"])) for row in rows]


def named(doctype: str, rows: list[dict[str, Any]]) -> Named:
	"""Return the rows' ``id`` as subjects of one DocType."""
	return [(doctype, str(row["id"])) for row in rows]


def money(amount: Any) -> float:
	"""Return an amount as a number that reads well."""
	return round(float(amount or 0), 2)
