"""A site in a MariaDB schema with a user of its own, as `bench new-site` makes it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import pymysql
from pymysql.connections import Connection
from pymysql.cursors import DictCursor

from tests.support.databases import Database, Row
from tests.support.ddl import Dialect
from tests.support.doctypes import Schema
from tests.support.services.mariadb import MariaDB

COLUMNS = """
	SELECT table_name AS t, MD5(GROUP_CONCAT(CONCAT_WS(' ', column_name, column_type, is_nullable,
		column_default, column_key) ORDER BY ordinal_position SEPARATOR ',')) AS s
	FROM information_schema.columns WHERE table_schema = %s GROUP BY table_name
"""
INDEXES = """
	SELECT table_name AS t, MD5(GROUP_CONCAT(CONCAT_WS(' ', index_name, seq_in_index, column_name)
		ORDER BY index_name, seq_in_index SEPARATOR ',')) AS s
	FROM information_schema.statistics WHERE table_schema = %s GROUP BY table_name
"""
OTHERS = "SELECT id FROM information_schema.processlist WHERE db = %s AND id <> CONNECTION_ID()"
ENGINES = """
	SELECT table_name AS t, CONCAT_WS(' ', engine, table_collation) AS s
	FROM information_schema.tables WHERE table_schema = %s
"""


class MariaDBDatabase(Database):
	"""A schema and its twin: `restore` copies back the tables whose content or shape differs from the twin."""

	dialect: ClassVar[Dialect] = "mariadb"

	def __init__(self, name: str, password: str, schema: Schema, server: MariaDB) -> None:
		super().__init__(name, password, schema)
		self.server = server
		self.twin = f"{name}_healthy"
		self._connection: Connection[DictCursor] | None = None
		self._frozen: dict[str, str] = {}
		self._shapes: dict[str, str] = {}

	def config(self) -> dict[str, Any]:
		config = {
			"db_type": "mariadb",
			"db_name": self.name,
			"db_password": self.password,
			"db_host": self.server.host,
			"db_port": self.server.port,
		}
		return config if self.schema.frappe == 15 else config | {"db_user": self.name}

	def create(self) -> None:
		self.drop()
		self.server.admin(
			f"CREATE DATABASE `{self.name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
			f"CREATE USER `{self.name}`@'%' IDENTIFIED BY '{self.password}'",
			f"GRANT ALL PRIVILEGES ON `{self.name}`.* TO `{self.name}`@'%'",
		)
		with self.connection.cursor() as cursor:
			for statement in self.ddl.statements(self.schema):
				cursor.execute(statement)

	@property
	def connection(self) -> Connection[DictCursor]:
		"""The harness's own connection, opened when it is needed."""
		if self._connection is None or not self._connection.open:
			self._connection = self.server.connect(self.name)
		return self._connection

	def execute(self, text: str, params: Sequence[Any] = ()) -> tuple[list[Row], int]:
		with self.connection.cursor() as cursor:
			touched = cursor.execute(text, list(params))
			return list(cursor.fetchall()), touched

	def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
		names = ", ".join(f"`{column}`" for column in columns)
		marks = ", ".join("%s" for _ in columns)
		with self.connection.cursor() as cursor:
			cursor.executemany(f"INSERT INTO `{table}` ({names}) VALUES ({marks})", list(rows))

	def tables(self) -> list[str]:
		return self._tables(self.name)

	def checksums(self) -> dict[str, str]:
		return self._checksums(self.name, self.tables())

	def freeze(self) -> None:
		with self.connection.cursor() as cursor:
			cursor.execute(f"DROP DATABASE IF EXISTS `{self.twin}`")
			cursor.execute(f"CREATE DATABASE `{self.twin}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
			for table in self.tables():
				self._copy(cursor, table, self.name, self.twin)
		self._frozen = self.checksums()
		self._shapes = self._shape()

	def restore(self) -> None:
		self.server.start()
		self.close()
		self.server.reset()
		self._end_others()
		present = self.checksums()
		shapes = self._shape()
		with self.connection.cursor() as cursor:
			for table in present.keys() - self._frozen.keys():
				cursor.execute(f"DROP TABLE `{self.name}`.`{table}`")
			for table, content in self._frozen.items():
				if table in present and shapes.get(table) == self._shapes[table]:
					if present[table] != content:
						self._refill(cursor, table)
				else:
					cursor.execute(f"DROP TABLE IF EXISTS `{self.name}`.`{table}`")
					self._copy(cursor, table, self.twin, self.name)

	def close(self) -> None:
		if self._connection is not None:
			self._connection.close()
			self._connection = None

	def drop(self) -> None:
		self.close()
		self.server.admin(
			f"DROP DATABASE IF EXISTS `{self.name}`",
			f"DROP DATABASE IF EXISTS `{self.twin}`",
			f"DROP USER IF EXISTS `{self.name}`@'%'",
		)

	def translate(self, text: str) -> str:
		return text

	def _end_others(self) -> None:
		"""Close what tests left open: a forgotten transaction would block the tables."""
		rows, _ = self.execute(OTHERS, [self.name])
		for row in rows:
			with contextlib.suppress(pymysql.err.OperationalError):
				self.execute(f"KILL {row['id']}")

	def _tables(self, schema: str) -> list[str]:
		rows, _ = self.execute(f"SHOW FULL TABLES FROM `{schema}` WHERE Table_type = 'BASE TABLE'")
		return sorted(str(next(iter(row.values()))) for row in rows)

	def _checksums(self, schema: str, tables: Sequence[str]) -> dict[str, str]:
		names = ", ".join(f"`{schema}`.`{table}`" for table in tables)
		rows, _ = self.execute(f"CHECKSUM TABLE {names}")
		return {row["Table"].removeprefix(f"{schema}."): str(row["Checksum"]) for row in rows}

	def _shape(self) -> dict[str, str]:
		shapes: dict[str, str] = dict.fromkeys(self.tables(), "")
		self.execute("SET SESSION group_concat_max_len = 1000000")
		for query in (COLUMNS, INDEXES, ENGINES):
			for row in self.execute(query, [self.name])[0]:
				shapes[row["t"]] = shapes.get(row["t"], "") + row["s"]
		return shapes

	@staticmethod
	def _copy(cursor: DictCursor, table: str, source: str, target: str) -> None:
		cursor.execute(f"CREATE TABLE `{target}`.`{table}` LIKE `{source}`.`{table}`")
		cursor.execute(f"INSERT INTO `{target}`.`{table}` SELECT * FROM `{source}`.`{table}`")

	def _refill(self, cursor: DictCursor, table: str) -> None:
		cursor.execute(f"DELETE FROM `{self.name}`.`{table}`")
		cursor.execute(f"INSERT INTO `{self.name}`.`{table}` SELECT * FROM `{self.twin}`.`{table}`")
