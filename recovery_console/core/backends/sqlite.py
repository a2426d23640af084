"""SQLite (Frappe 16), opened with ``mode=ro``."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from recovery_console.core.backends.database import (
	LOCK_LIMIT,
	ROW_LIMIT,
	STATEMENT_LIMIT,
	WRITE_LIMIT,
	Database,
	Row,
	constraint,
	schema_differs,
	too_slow,
	unavailable,
)
from recovery_console.core.errors import SourceUnavailable

#: SQLite asks us this often (in virtual machine steps) whether to go on.
_STEPS = 10_000


class SQLite(Database):
	"""A read-only connection with a statement time limit."""

	dialect = "sqlite"
	planner = "EXPLAIN QUERY PLAN "
	placeholder = ":{}"
	locks_rows = False
	begins = "BEGIN IMMEDIATE"
	# SQLite takes an unknown name in double quotes for a text, so a missing column would go unnoticed.
	quote = "`"
	_is_cut = False
	#: How long one statement may take.
	limit = STATEMENT_LIMIT

	@property
	def driver_errors(self) -> tuple[type[Exception], ...]:
		return (sqlite3.Error,)

	def _execute(self, statement: str, binds: Mapping[str, Any] | Sequence[Any]) -> list[Row]:
		ends = time.monotonic() + self.limit.total_seconds()
		self._connection.set_progress_handler(lambda: self._is_cut or time.monotonic() > ends, _STEPS)
		cursor = self._connection.execute(statement, _plain(binds))
		names = [column[0] for column in cursor.description or ()]
		return [dict(zip(names, row, strict=True)) for row in cursor.fetchmany(ROW_LIMIT + 1)]

	def _schema_rows(self, tables: list[str]) -> list[Row]:
		return [
			{"table_name": name, "column_name": row["name"]}
			for name in tables
			for row in self.sql("SELECT name FROM pragma_table_info(:name)", {"name": name})
		]

	def explain(self, error: Exception) -> SourceUnavailable:
		text = str(error)
		if "interrupted" in text:
			return too_slow()
		if "no such table" in text or "no such column" in text:
			return schema_differs(text)
		if isinstance(error, (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.InterfaceError)):
			return constraint(text)
		if "locked" in text:
			return unavailable(
				"locked", f"The database file of {self.name} is locked.", "Repeat in a minute."
			)
		if "malformed" in text or "not a database" in text:
			return unavailable(
				"corrupt",
				f"The database file of {self.name} is damaged: {text}.",
				"Copy the file with its -wal and -shm before anything else, then restore the last good backup.",
			)
		return unavailable(
			"unavailable", f"SQLite did not answer for {self.name}: {text}", "See the file itself."
		)

	def version(self) -> str:
		return f"SQLite {sqlite3.sqlite_version}"

	def cut(self) -> None:
		# Closing a connection under the feet of the thread that uses it is undefined; it closes it itself.
		self._is_cut = True
		with contextlib.suppress(sqlite3.Error):
			self._connection.interrupt()

	def close(self) -> None:
		with contextlib.suppress(sqlite3.Error):
			self._connection.close()


def connect(path: Path, name: str, *, writable: bool = False, limit: timedelta = WRITE_LIMIT) -> SQLite:
	"""Open a database file so that it can only be read, unless it is to be writable.

	Args:
		path: The file.
		name: What the database is called in messages.
		writable: For a repair: it may write, in transactions.
		limit: How long one statement of a repair may take.

	Raises:
		SourceUnavailable: There is no such file, or it may not be read.
	"""
	try:
		if not path.is_file():
			raise unavailable(
				"missing",
				f"The database file {path} is not there.",
				"Compare db_name in site_config.json with the files in the site's folder db; restore a backup if it is"
				" lost.",
			)
		connection = sqlite3.connect(
			f"file:{quote(str(path))}?mode={'rw' if writable else 'ro'}",
			uri=True,
			timeout=LOCK_LIMIT.total_seconds() if writable else 1,
			check_same_thread=False,
			isolation_level=None,
		)
	except (sqlite3.Error, OSError) as error:
		raise unavailable(
			"denied", f"The database file {path} cannot be opened: {error}.", "See its owner and rights."
		) from error
	database = SQLite(connection, name)
	if writable:
		database.limit = limit
	else:
		database.sql("PRAGMA query_only = ON")
	return database


def _plain(binds: Mapping[str, Any] | Sequence[Any]) -> dict[str, Any] | list[Any]:
	"""Write dates and decimals as Frappe stores them; Python's own adapters are deprecated."""
	if isinstance(binds, Mapping):
		return {name: _plain_value(value) for name, value in binds.items()}
	return [_plain_value(value) for value in binds]


def _plain_value(value: Any) -> Any:
	if isinstance(value, datetime):
		return value.isoformat(sep=" ", timespec="microseconds")
	if isinstance(value, date):
		return value.isoformat()
	return float(value) if isinstance(value, Decimal) else value
