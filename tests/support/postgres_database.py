"""A site in a PostgreSQL database with a role of its own, as `bench new-site --db-type postgres` makes it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from psycopg2 import extensions
from psycopg2.extras import execute_values

from tests.support.databases import Database, Row
from tests.support.ddl import Dialect
from tests.support.doctypes import Schema
from tests.support.services.postgres import Postgres

SHAPES = """
	SELECT c.relname AS t, MD5(STRING_AGG(CONCAT_WS(' ', a.attname, a.atttypid, a.atttypmod, a.attnotnull,
		PG_GET_EXPR(d.adbin, d.adrelid)), ',' ORDER BY a.attnum)) AS s
	FROM pg_class c
	JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
	WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i') GROUP BY c.relname
"""
OTHERS = """
	SELECT PG_TERMINATE_BACKEND(pid) FROM pg_stat_activity
	WHERE datname = CURRENT_DATABASE() AND pid <> PG_BACKEND_PID()
"""


class PostgresDatabase(Database):
	"""A database and its frozen copy.

	`restore` refills the tables whose content differs; when the shape of any table or index differs, it makes
	the whole database anew from a template.
	"""

	dialect: ClassVar[Dialect] = "postgres"

	def __init__(self, name: str, password: str, schema: Schema, server: Postgres) -> None:
		super().__init__(name, password, schema)
		self.server = server
		self.twin = f"{name}_healthy"
		self._connection: extensions.connection | None = None
		self._frozen: dict[str, str] = {}
		self._shapes: dict[str, str] = {}
		self._content: dict[str, str] = {}

	def config(self) -> dict[str, Any]:
		config = {
			"db_type": "postgres",
			"db_name": self.name,
			"db_password": self.password,
			"db_host": self.server.host,
			"db_port": self.server.port,
		}
		return config if self.schema.frappe == 15 else config | {"db_user": self.name}

	def create(self) -> None:
		self.drop()
		self.server.admin(
			f"CREATE USER \"{self.name}\" WITH PASSWORD '{self.password}'",
			f'CREATE DATABASE "{self.name}" OWNER "{self.name}" TEMPLATE template0',
		)
		with self.connection.cursor() as cursor:
			cursor.execute(f'GRANT ALL ON SCHEMA public TO "{self.name}"')
			cursor.execute(f'SET ROLE "{self.name}"')
			cursor.execute("; ".join(self.ddl.statements(self.schema)))
			cursor.execute("RESET ROLE")

	@property
	def connection(self) -> extensions.connection:
		"""The harness's own connection, opened when it is needed."""
		if self._connection is None or self._connection.closed:
			self._connection = self.server.connect(self.name)
		return self._connection

	def execute(self, text: str, params: Sequence[Any] = ()) -> tuple[list[Row], int]:
		with self.connection.cursor() as cursor:
			cursor.execute(text, list(params))
			rows = [dict(row) for row in cursor.fetchall()] if cursor.description else []
			return rows, cursor.rowcount

	def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
		names = ", ".join(f'"{column}"' for column in columns)
		with self.connection.cursor() as cursor:
			execute_values(cursor, f'INSERT INTO "{table}" ({names}) VALUES %s', list(rows), page_size=1000)

	def tables(self) -> list[str]:
		rows, _ = self.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
		return [row["tablename"] for row in rows]

	def checksums(self) -> dict[str, str]:
		tables = self.tables()
		parts = [
			f"SELECT {index} AS i, COUNT(*) || ' ' || COALESCE(SUM(HASHTEXTEXTENDED(t::text, 0)), 0) AS s"
			f' FROM "{table}" t'
			for index, table in enumerate(tables)
		]
		rows, _ = self.execute(" UNION ALL ".join(parts))
		return {tables[row["i"]]: row["s"] for row in rows}

	def freeze(self) -> None:
		self._copy(self.name, self.twin)
		self._frozen, self._shapes = self.checksums(), self._shape()
		with self.connection.cursor() as cursor:
			for table in self._frozen:
				buffer = io.StringIO()
				cursor.copy_expert(f'COPY "{table}" TO STDOUT', buffer)
				self._content[table] = buffer.getvalue()

	def restore(self) -> None:
		self.server.start()
		self.close()
		self.server.reset()
		self.execute(OTHERS)
		if self._shape() != self._shapes:
			self._copy(self.twin, self.name)
			return
		present = self.checksums()
		with self.connection.cursor() as cursor:
			for table, content in self._frozen.items():
				if present[table] != content:
					cursor.execute(f'TRUNCATE "{table}"')
					cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.StringIO(self._content[table]))

	def close(self) -> None:
		if self._connection is not None:
			self._connection.close()
			self._connection = None

	def drop(self) -> None:
		self.close()
		self.server.admin(
			f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)',
			f'DROP DATABASE IF EXISTS "{self.twin}" WITH (FORCE)',
			f'DROP ROLE IF EXISTS "{self.name}"',
		)

	def _shape(self) -> dict[str, str]:
		return {row["t"]: row["s"] for row in self.execute(SHAPES)[0]}

	def _copy(self, source: str, target: str) -> None:
		self.close()
		self.server.admin(
			f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)',
			f'CREATE DATABASE "{target}" OWNER "{self.name}" TEMPLATE "{source}" STRATEGY file_copy',
		)
