"""The site's database, read-only: what the three engines have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any, ClassVar

from pypika import Query
from pypika import functions as fn
from pypika.queries import QueryBuilder

from recovery_console.core.backends.emptiness import of_nothing
from recovery_console.core.backends.sql import DIALECTS, DocTable, render, table
from recovery_console.core.errors import SourceUnavailable

Row = dict[str, Any]

#: No single statement of a diagnosis may take longer.
STATEMENT_LIMIT = timedelta(seconds=2)
CONNECT_LIMIT = timedelta(seconds=3)
#: No single statement of a repair may take longer, nor wait longer for a lock that somebody else holds.
WRITE_LIMIT = timedelta(seconds=30)
LOCK_LIMIT = timedelta(seconds=5)
#: Kinds of failure after which a connection is not used again.
BREAKING = ("gone", "unavailable", "corrupt", "abandoned")
#: No single statement of a diagnosis may return more rows: it would be refused, never cut short.
ROW_LIMIT = 200_000


#: In ``Database.known`` this says that a table which is not there does not exist. No table has this name.
EVERYTHING = "*"


class Database(ABC):
	"""One read-only connection to the database of a site.

	Every method raises ``SourceUnavailable`` when the database does not answer, takes too long, or lacks a
	table or column. Not safe for use by two threads at once: the pool gives each check its own.
	"""

	dialect: ClassVar[str]
	placeholder: ClassVar[str] = "%({})s"
	#: What asks the server how it would carry out a query.
	planner: ClassVar[str]
	#: Character around identifiers, where it is not PyPika's for the dialect.
	quote: ClassVar[str | None] = None
	#: Whether ``SELECT … FOR UPDATE`` is understood; else beginning a transaction locks the whole database.
	locks_rows: ClassVar[bool] = True
	#: What stands before a statement that is worth no waiting, as for somebody who locks a table.
	promptly: ClassVar[str] = ""
	begins: ClassVar[str] = "BEGIN"

	def __init__(self, connection: Any, name: str) -> None:
		self._connection = connection
		self.name = name
		self.broken = False
		#: Columns of the tables that were asked for; shared by the connections of one diagnosis.
		self.known: dict[str, frozenset[str]] = {}
		#: Tables that hold no rows, for as long as a diagnosis takes: what is asked of them is not sent.
		self.empty: set[str] = set()

	@property
	def query(self) -> type[Query]:
		"""PyPika's ``Query`` for this engine."""
		return DIALECTS[self.dialect]

	def from_(self, source: str | DocTable) -> QueryBuilder:
		"""Start a query on a DocType (by name) or on a table."""
		return self.query.from_(table(source) if isinstance(source, str) else source)

	def run(self, query: QueryBuilder) -> list[Row]:
		"""Run a query built with PyPika and return its rows."""
		if self.empty and (rows := of_nothing(query, self.empty, self.known)) is not None:
			return rows
		statement, binds = render(query, self.placeholder, self.quote)
		return self.sql(statement, binds)

	def sql(self, statement: str, binds: Mapping[str, Any] | Sequence[Any] | None = None) -> list[Row]:
		"""Run a statement that PyPika cannot write (``SHOW …``, ``PRAGMA …``) and return its rows.

		Args:
			statement: A constant of ours. Never built from data.
			binds: Its values, named as the driver wants them.
		"""
		try:
			rows = self._execute(statement, binds or {})
		except self.driver_errors as error:
			failure = self.explain(error)
			self.broken = failure.kind in BREAKING
			raise failure from error
		if len(rows) > ROW_LIMIT:
			raise unavailable(
				"rows",
				f"There are more than {ROW_LIMIT} rows to look at; a diagnosis does not read that many.",
				"Narrow the check's window in Recovery Settings.",
			)
		return rows

	@contextmanager
	def transaction(self) -> Iterator[None]:
		"""Make everything inside happen together or not at all. Only a writable connection can write in it."""
		self.sql(self.begins)
		try:
			yield
			self.sql(
				"COMMIT"
			)  # which may fail, too: what SQLite could not write stays open until it is rolled back
		except BaseException:
			with suppress(SourceUnavailable):
				self.sql("ROLLBACK")
			raise

	def plan(self, select: str) -> list[Row]:
		"""Ask how a query would be carried out, and return the answer in the server's own form.

		Args:
			select: One SELECT, as ``query_text.read`` lets it pass: the one statement that is not a constant of ours.
		"""
		return self.sql(f"{self.planner}{select}")

	def value(self, query: QueryBuilder) -> Any:
		"""Return the first column of the first row, or None."""
		rows = self.run(query)
		return next(iter(rows[0].values())) if rows else None

	def texts(self, query: QueryBuilder) -> list[str]:
		"""Return the texts that a query selects as its one column ``text``, empty ones left out."""
		return [str(row["text"]) for row in self.run(query) if row["text"]]

	def count(self, query: QueryBuilder) -> int:
		"""Return how many rows a query without a selection has."""
		return int(self.value(query.select(fn.Count("*"))) or 0)

	def has(self, doctype: str, *columns: str) -> bool:
		"""Tell whether the table of a DocType is there and has all of ``columns``."""
		return self.has_table(f"tab{doctype}", *columns)

	def has_table(self, name: str, *columns: str) -> bool:
		"""Tell whether a table is there and has all of ``columns``."""
		self.learn([name])
		return bool(self.known[name]) and self.known[name].issuperset(columns)

	def columns(self, doctype: str) -> frozenset[str]:
		"""Return the column names of a DocType's table; empty when there is no such table."""
		self.learn([f"tab{doctype}"])
		return self.known[f"tab{doctype}"]

	def learn(self, tables: Iterable[str]) -> None:
		"""Read which columns these tables have, those that are not known yet, in one statement."""
		missing = sorted({name for name in tables if name not in self.known})
		if not missing:
			return
		if EVERYTHING in self.known:
			for name in missing:  # by now another thread may have learnt of it
				self.known.setdefault(name, frozenset())
			return
		found: dict[str, set[str]] = {name: set() for name in missing}
		for row in self._schema_rows(missing):
			# MariaDB compares these names without regard to case, and may answer with a neighbour.
			if row["table_name"] in found:
				found[row["table_name"]].add(row["column_name"])
		self.known.update({name: frozenset(columns) for name, columns in found.items()})

	def learn_empty(self, tables: Iterable[str]) -> None:
		"""Read which of these tables hold no rows, in one statement.

		That holds from then on for ``run``, whatever others write: for no longer than a diagnosis.
		"""
		wanted = {name for name in tables if self.known.get(name)}
		self.empty.update(wanted - self._filled(wanted, self.promptly))

	def filled(self, tables: Iterable[str]) -> set[str]:
		"""Return which of these tables hold rows, in one statement: tables that are there."""
		return self._filled(tables)

	def _filled(self, tables: Iterable[str], how: str = "") -> set[str]:
		quote = self.quote or self.query._builder().QUOTE_CHAR  # noqa: SLF001 (PyPika tells nobody else)
		wanted = {name for name in tables if name not in self.empty}
		# The names stand in the catalogue; one that would end its own quotation is taken for filled.
		asked = sorted(name for name in wanted if quote not in name)
		if not asked:
			return wanted
		rows = (f"EXISTS (SELECT 1 FROM {quote}{name}{quote}) AS c{n}" for n, name in enumerate(asked))  # noqa: S608
		[row] = self.sql(f"{how}SELECT {', '.join(rows)}")
		return wanted - {name for number, name in enumerate(asked) if not row[f"c{number}"]}

	def learn_whole(self) -> None:  # noqa: B027 (an engine may leave it out)
		"""Read what ``learn`` reads of all tables at once, where that costs hardly more than of some."""

	@property
	@abstractmethod
	def driver_errors(self) -> tuple[type[Exception], ...]:
		"""Exceptions of the driver that ``explain`` understands."""

	@abstractmethod
	def _execute(self, statement: str, binds: Mapping[str, Any] | Sequence[Any]) -> list[Row]: ...

	@abstractmethod
	def _schema_rows(self, tables: list[str]) -> list[Row]: ...

	@abstractmethod
	def explain(self, error: Exception) -> SourceUnavailable:
		"""Put an error of the driver into words."""

	@abstractmethod
	def version(self) -> str:
		"""Return the server's product and version."""

	def cut(self) -> None:
		"""Make the thread that waits for an answer wait no longer, from another thread. It closes what is left."""
		self.close()

	@abstractmethod
	def close(self) -> None:
		"""End the connection, also one that was cut."""


def unavailable(kind: str, reason: str, remedy: str) -> SourceUnavailable:
	"""Build the ``SourceUnavailable`` of a database."""
	return SourceUnavailable("database", reason, remedy=remedy, kind=kind)


def too_slow() -> SourceUnavailable:
	"""Say that a statement was stopped at its time limit."""
	return unavailable(
		"timeout",
		f"The database took longer than {STATEMENT_LIMIT.total_seconds():.0f} s to answer and was not waited for.",
		"Repeat when the site is less busy; look at what the database is doing now.",
	)


def constraint(text: str) -> SourceUnavailable:
	"""Say that a row cannot be as it was to be: there is one already, or a value does not fit its column."""
	return unavailable(
		"constraint", f"The database refuses this row: {text}.", "Change it by hand if it is meant."
	)


def locked(product: str) -> SourceUnavailable:
	"""Say that somebody else is at work on the same rows."""
	return unavailable(
		"locked", f"{product} made the question wait for a lock and gave up.", "Repeat it in a minute."
	)


def schema_differs(detail: str) -> SourceUnavailable:
	"""Say that this site lacks a table or column."""
	return unavailable(
		"schema",
		f"This site's database differs from what its version should have: {detail}.",
		"Run `bench --site <site> migrate` if an update was interrupted; else this version is not known here.",
	)
