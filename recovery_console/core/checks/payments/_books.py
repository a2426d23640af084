"""What the queries of this family share."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pypika import functions as fn
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from recovery_console.core.backends.sql import Fn
from recovery_console.core.finding import MOST_SUBJECTS
from recovery_console.core.site import Site

#: Amounts that differ by less are the same: sums of rounded amounts.
CENT = 0.011
Named = list[tuple[str, str]]


def recent(site: Site, source: Any, window: timedelta) -> Criterion:
	"""Return the condition that a row was made within the window, on whichever column has the index."""
	since = site.ago(window)
	both: Criterion = (source["creation"] >= since) & (source["modified"] >= since)
	return both


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


def oldest_first(site: Site, query: QueryBuilder, doctype: str, name: Any, since: Any) -> Named:
	"""Return the first rows of a query as subjects."""
	rows = site.db.run(query.select(name.as_("id")).orderby(since).orderby(name).limit(MOST_SUBJECTS))
	return [(doctype, str(row["id"])) for row in rows]


def named(doctype: str, rows: list[dict[str, Any]]) -> Named:
	"""Return the rows' ``id`` as subjects of one DocType."""
	return [(doctype, str(row["id"])) for row in rows]


def money(amount: Any) -> float:
	"""Return an amount as a number that reads well."""
	return round(float(amount or 0), 2)
