"""Query building on PyPika in which every value is bound, for MariaDB, PostgreSQL and SQLite alike.

Inside a Frappe process PyPika is patched by Frappe; these classes rely on nothing that the patches touch, so
that the same query is sent from Desk, from ``bench`` and from the break-glass command line.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pypika import Query, Table
from pypika.dialects import MySQLQuery, PostgreSQLQuery, SQLLiteQuery
from pypika.queries import QueryBuilder
from pypika.terms import Field, Function, Term
from pypika.utils import format_alias_sql, ignore_copy

DIALECTS: dict[str, type[Query]] = {
	"mariadb": MySQLQuery,
	"postgres": PostgreSQLQuery,
	"sqlite": SQLLiteQuery,
}

_rendering = threading.local()


class Bind(Term):
	"""A value that is sent beside the statement, never inside it."""

	def __init__(self, value: Any) -> None:
		super().__init__()
		self.value = value

	def get_sql(self, *, with_alias: bool = False, **rendering: Any) -> str:
		binds = getattr(_rendering, "binds", None)
		if binds is None:
			raise RuntimeError("A query with bound values must be rendered by render().")
		name = f"p{len(binds)}"
		binds[name] = self.value
		placeholder: str = _rendering.placeholder
		text = placeholder.format(name)
		return str(format_alias_sql(text, self.alias, **rendering)) if with_alias else text


def bind(value: Any) -> Any:
	"""Wrap a value for use where PyPika would write it into the statement (arguments of functions)."""
	return value if isinstance(value, Term) else Bind(value)


class Column(Field):
	"""A column whose comparisons bind their values."""

	@staticmethod
	def wrap_constant(val: Any, wrapper_cls: Any = None) -> Any:
		if val is None or isinstance(val, (list, tuple, set, Term, QueryBuilder)):
			return Field.wrap_constant(val, wrapper_cls)
		return Bind(val)


class DocTable(Table):
	"""A table whose columns are ``Column``, also where Frappe has patched what PyPika gives for a column."""

	def field(self, name: str) -> Column:
		return Column(name, table=self)

	def __getitem__(self, name: str) -> Column:
		return self.field(name)

	@ignore_copy
	def __getattr__(self, name: str) -> Column:
		return self.field(name)


class Fn(Function):
	"""A function call whose plain arguments are bound: ``Fn("COALESCE", t.status, "")``."""

	def __init__(self, name: str, *args: Any) -> None:
		super().__init__(name, *[bind(arg) for arg in args])

	@staticmethod
	def wrap_constant(val: Any, wrapper_cls: Any = None) -> Any:
		return Column.wrap_constant(val, wrapper_cls)


def table(doctype: str) -> DocTable:
	"""Return the table of a DocType, as ``tab<DocType>``."""
	return DocTable(f"tab{doctype}")


def raw_table(name: str) -> DocTable:
	"""Return a table that belongs to no DocType, such as ``__Auth``."""
	return DocTable(name)


@contextmanager
def _collecting(placeholder: str) -> Iterator[dict[str, Any]]:
	_rendering.binds, _rendering.placeholder = {}, placeholder
	try:
		yield _rendering.binds
	finally:
		_rendering.binds = None


def render(query: QueryBuilder, placeholder: str, quote: str | None = None) -> tuple[str, dict[str, Any]]:
	"""Return the statement and its bound values.

	Args:
		query: A query whose table columns come from ``table()`` or ``raw_table()``.
		placeholder: How the driver names a bound value: ``%({})s`` or ``:{}``.
		quote: Character around identifiers, where it is not the dialect's usual one.
	"""
	with _collecting(placeholder) as binds:
		options: dict[str, Any] = {"quote_char": quote} if quote else {}
		return query.get_sql(**options), binds
