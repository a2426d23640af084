"""A site in an SQLite file, as Frappe 16 keeps it."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from tests.support.databases import Database, Row
from tests.support.ddl import Dialect
from tests.support.doctypes import Schema


class SqliteTarget:
	"""Says that a site shall live in a file of its own folder."""


class SqliteDatabase(Database):
	"""`sites/<site>/db/<db_name>.db` in WAL mode; frozen as a copy outside the site's folder."""

	dialect: ClassVar[Dialect] = "sqlite"

	def __init__(self, name: str, password: str, schema: Schema, site_path: Path, spare: Path) -> None:
		super().__init__(name, password, schema)
		self.path = site_path / "db" / f"{name}.db"
		self.copy = spare / f"{name}.db"
		self._connection: sqlite3.Connection | None = None

	def config(self) -> dict[str, Any]:
		return {"db_type": "sqlite", "db_name": self.name, "db_password": self.password}

	def create(self) -> None:
		self.path.parent.mkdir(parents=True, exist_ok=True)
		self._remove()
		connection = self.connection
		connection.execute("BEGIN")
		for statement in self.ddl.statements(self.schema):
			connection.execute(statement)
		connection.execute("COMMIT")

	@property
	def connection(self) -> sqlite3.Connection:
		"""The harness's own connection, opened when it is needed."""
		if self._connection is None:
			self._connection = sqlite3.connect(self.path, isolation_level=None)
			self._connection.row_factory = sqlite3.Row
			self._connection.execute("PRAGMA journal_mode=WAL")
			self._connection.execute("PRAGMA synchronous=OFF")
		return self._connection

	def execute(self, text: str, params: Sequence[Any] = ()) -> tuple[list[Row], int]:
		cursor = self.connection.execute(text, [_plain(value) for value in params])
		return [dict(row) for row in cursor.fetchall()], cursor.rowcount

	def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
		names = ", ".join(f'"{column}"' for column in columns)
		marks = ", ".join("?" for _ in columns)
		connection = self.connection
		connection.execute("BEGIN")
		try:
			connection.executemany(
				f'INSERT INTO "{table}" ({names}) VALUES ({marks})',
				([_plain(value) for value in row] for row in rows),
			)
		except BaseException:
			connection.execute("ROLLBACK")
			raise
		connection.execute("COMMIT")

	def tables(self) -> list[str]:
		rows, _ = self.execute(
			"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
		)
		return sorted(row["name"] for row in rows)

	def checksums(self) -> dict[str, str]:
		return {table: self._checksum(table) for table in self.tables()}

	def freeze(self) -> None:
		self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
		# Closing any other handle of the file in this process would give up the connection's POSIX locks, and
		# another process could then throw the write-ahead log away under it.
		self.close()
		shutil.copyfile(self.path, self.copy)

	def restore(self) -> None:
		self.close()
		self._remove()
		fresh = self.path.with_suffix(".new")
		shutil.copyfile(self.copy, fresh)
		os.replace(fresh, self.path)

	def close(self) -> None:
		if self._connection is not None:
			self._connection.close()
			self._connection = None

	def drop(self) -> None:
		self.close()
		self._remove()
		self.copy.unlink(missing_ok=True)

	def translate(self, text: str) -> str:
		return super().translate(text).replace("%s", "?").replace("%%", "%")

	def _checksum(self, table: str) -> str:
		digest = hashlib.blake2b(digest_size=12)
		for line in sorted(repr(tuple(row)) for row in self.connection.execute(f'SELECT * FROM "{table}"')):
			digest.update(line.encode())
		return digest.hexdigest()

	def _remove(self) -> None:
		for suffix in ("", "-wal", "-shm"):
			Path(f"{self.path}{suffix}").unlink(missing_ok=True)


def _plain(value: Any) -> Any:
	"""What SQLite stores: times as text, as Frappe's adapters write them."""
	if isinstance(value, datetime):
		return value.isoformat(sep=" ", timespec="microseconds")
	if isinstance(value, date):
		return value.isoformat()
	if isinstance(value, Decimal):
		return float(value)
	return value
