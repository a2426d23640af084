"""What a query on a table without rows answers, without asking the database.

A small site has hardly a row in most tables that a diagnosis asks for: half of its statements would find nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pypika.enums import JoinType
from pypika.queries import QueryBuilder, Table
from pypika.terms import AggregateFunction

#: What these say of no rows at all, where nothing is grouped. Others are asked for.
_OF_NOTHING = {"COUNT": 0, "SUM": None, "MIN": None, "MAX": None}
_AGGREGATES = {*_OF_NOTHING, "AVG", "GROUP_CONCAT", "STRING_AGG"}


def of_nothing(query: Any, empty: Collection[str]) -> list[dict[str, Any]] | None:
	"""Return the rows of a query whose first table is known to be empty; None where the database must be asked.

	Args:
		query: A query built with PyPika.
		empty: Names of tables that hold no rows.
	"""
	if not isinstance(query, QueryBuilder) or not _starts_empty(query, empty):
		return None
	if query._groupbys:  # noqa: SLF001 (PyPika names the parts of a query for itself only)
		return []
	selected: list[Any] = query._selects  # noqa: SLF001
	of_groups: Any = query._havings  # noqa: SLF001
	if of_groups is None and not any(map(_aggregates, selected)):
		return []
	if of_groups is not None or not _is_plain(selected):
		return None
	return [{term.alias or _function(term): _OF_NOTHING[_function(term)] for term in selected}]


def _starts_empty(query: QueryBuilder, empty: Collection[str]) -> bool:
	"""Tell whether a query begins with an empty table, and joins nothing that would have rows without it."""
	if query._with or len(query._from) != 1:  # noqa: SLF001
		return False
	source = query._from[0]  # noqa: SLF001
	joined = all(join.how in (JoinType.inner, JoinType.left) for join in query._joins)  # noqa: SLF001
	return joined and isinstance(source, Table) and source._table_name in empty  # noqa: SLF001


def _is_plain(selected: list[Any]) -> bool:
	"""Tell whether each term is a sum, count or the like with a name of its own, whose answer is known."""
	named = len(selected) == 1 or all(term.alias for term in selected)
	return named and all(_function(term) in _OF_NOTHING for term in selected)


def _aggregates(term: Any) -> bool:
	"""Tell whether a term makes one row of many, anywhere in it."""
	return any(
		isinstance(node, AggregateFunction) or _function(node) in _AGGREGATES for node in term.nodes_()
	)


def _function(term: Any) -> str:
	"""Return the name of a function; empty for other terms. Frappe replaces PyPika's class of functions by its own."""
	return str(term.name).upper() if hasattr(term, "args") else ""
