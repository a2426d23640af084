"""What a query on a table without rows answers, without asking the database.

A small site has hardly a row in most tables that a diagnosis asks for: a third of its statements would find nothing.
Only queries of plain forms are answered here; the database is asked for all others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pypika.enums import JoinType
from pypika.queries import QueryBuilder, Table
from pypika.terms import AnalyticFunction, ArithmeticExpression, Field, Star

from recovery_console.core.backends.sql import Bind

#: What these say of no rows at all, where nothing is grouped.
_OF_NOTHING = {"COUNT": 0, "SUM": None, "MIN": None, "MAX": None}
#: Functions that make one value of the values of one row.
_OF_A_ROW = {"ABS", "COALESCE", "CONCAT", "LEFT", "LOWER", "REPLACE", "RIGHT", "RTRIM", "SUBSTR", "UPPER"}


def of_nothing(
	query: Any, empty: Collection[str], known: Mapping[str, frozenset[str]]
) -> list[dict[str, Any]] | None:
	"""Return the rows of a query whose first table holds none; None where the database must be asked.

	A query that names a column which is not there is the database's to refuse.

	Args:
		query: A query built with PyPika.
		empty: Names of tables that hold no rows.
		known: The columns of tables, those of all that are there.
	"""
	if not isinstance(query, QueryBuilder) or not _starts_empty(query, empty):
		return None
	parts: Mapping[str, Any] = vars(query)
	selected, groups, orders = parts["_selects"], parts["_groupbys"], parts["_orderbys"]
	conditions = [parts["_wheres"], parts["_havings"], *(join.criterion for join in parts["_joins"])]
	ordered = [term for term, _direction in orders]
	if not _are_there([*selected, *groups, *ordered, *conditions], known):
		return None
	if groups:
		return [] if all(map(_is_of_a_row, groups)) else None
	if parts["_havings"] is not None:
		return None
	if all(map(_is_of_a_row, [*selected, *ordered])):
		return []
	is_cut = parts["_limit"] is not None or parts["_offset"] is not None
	if is_cut or not _is_plain(selected):
		return None
	return [{term.alias or _function(term): _OF_NOTHING[_function(term)] for term in selected}]


def _starts_empty(query: QueryBuilder, empty: Collection[str]) -> bool:
	"""Tell whether a query reads from an empty table, and joins nothing that would have rows without it."""
	parts: Mapping[str, Any] = vars(query)
	others = ("_with", "_delete_from", "_insert_table", "_update_table", "_select_into")
	if any(parts[name] for name in (*others, "_mysql_rollup", "_with_totals")) or len(parts["_from"]) != 1:
		return False
	source: Any = parts["_from"][0]
	if not isinstance(source, Table) or source._schema is not None:  # noqa: SLF001 (PyPika tells nobody else)
		return False
	return source._table_name in empty and all(  # noqa: SLF001
		join.how in (JoinType.inner, JoinType.left) and hasattr(join, "criterion") for join in parts["_joins"]
	)


def _are_there(terms: Iterable[Any], known: Mapping[str, frozenset[str]]) -> bool:
	"""Tell whether all columns that terms name are there; not where a query within the query names others."""
	for term in terms:
		for node in term.nodes_() if term is not None else ():
			if isinstance(node, QueryBuilder):
				return False
			named = getattr(getattr(node, "table", None), "_table_name", "")
			if (
				isinstance(node, Field)
				and not isinstance(node, Star)
				and node.name not in known.get(named, ())
			):
				return False
	return True


def _is_of_a_row(term: Any) -> bool:
	"""Tell whether a term is computed from one row alone."""
	if isinstance(term, ArithmeticExpression):
		return _is_of_a_row(term.left) and _is_of_a_row(term.right)
	if _function(term) in _OF_A_ROW:
		return all(map(_is_of_a_row, term.args))
	return isinstance(term, (Field, Bind)) and not isinstance(term, Star)


def _is_plain(selected: list[Any]) -> bool:
	"""Tell whether each term is a sum, count or the like with a name of its own, whose answer is known."""
	named = len(selected) == 1 or all(term.alias for term in selected)
	return named and all(
		_function(term) in _OF_NOTHING and not isinstance(term, AnalyticFunction) for term in selected
	)


def _function(term: Any) -> str:
	"""Return the name of a function; empty for other terms. Frappe replaces PyPika's class of functions by its own."""
	return str(term.name).upper() if hasattr(term, "args") else ""
