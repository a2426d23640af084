"""MariaDB, through PyMySQL."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pymysql
from pymysql.connections import Connection
from pymysql.cursors import DictCursor
from pypika import functions as fn
from pypika.queries import QueryBuilder

from recovery_console.core.backends.database import (
	CONNECT_LIMIT,
	EVERYTHING,
	LOCK_LIMIT,
	ROW_LIMIT,
	STATEMENT_LIMIT,
	WRITE_LIMIT,
	Database,
	Row,
	constraint,
	locked,
	schema_differs,
	too_slow,
	unavailable,
)
from recovery_console.core.backends.sql import Column, Fn
from recovery_console.core.errors import SourceUnavailable

_STATEMENT_TIMEOUT = {1969, 3024}
_SCHEMA = {1054, 1146}
_LOCKED = {1205, 1213}
#: What PyMySQL does not count among the errors of data.
_DATA = {1292, 1366, 3819, 4025}
_DENIED = {1044, 1045, 1698}


_COLUMNS = """SELECT table_name AS t, GROUP_CONCAT(column_name SEPARATOR ',') AS names, COUNT(*) AS n
	FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name IN %(tables)s GROUP BY table_name"""
_ALL_COLUMNS = _COLUMNS.replace("AND table_name IN %(tables)s", "")


#: Bytes of a list that MariaDB joins; what is longer it cuts without an error. Columns of a table are never so many.
_LONGEST_LIST = 64 * 1024 * 1024


class MariaDB(Database):
	"""A read-only session with a statement time limit."""

	dialect = "mariadb"
	planner = "EXPLAIN "
	promptly = "SET STATEMENT max_statement_time = 0.2 FOR "

	@property
	def driver_errors(self) -> tuple[type[Exception], ...]:
		return (pymysql.MySQLError, OSError)

	def _execute(self, statement: str, binds: Mapping[str, Any] | Sequence[Any]) -> list[Row]:
		with self._connection.cursor(DictCursor) as cursor:
			cursor.execute(statement, binds or None)
			rows: list[Row] = list(cursor.fetchmany(ROW_LIMIT + 1))
			return rows

	def texts(self, query: QueryBuilder) -> list[str]:
		# In one row: PyMySQL takes longer for a thousand rows than MariaDB for joining them.
		query.alias = "listed"
		text = Column("text", table=query)
		joined = Fn("GROUP_CONCAT", Fn("CONCAT", text, "\n"))
		whole = self.query.from_(query).where(text != "").select(joined.as_("texts"), fn.Count(text).as_("n"))
		[row] = self.run(whole)
		texts = str(row["texts"] or "")
		found = texts.removesuffix("\n").split("\n,") if texts else []
		# The server cuts what is too long for it, and a text may hold anything.
		return found if len(found) == row["n"] and texts[-1:] in ("", "\n") else super().texts(query)

	def learn_whole(self) -> None:
		try:
			rows = self._joined(_ALL_COLUMNS)
		except SourceUnavailable:
			return  # too many tables for the time limit: those that are needed, then
		if rows is None:
			return
		self.known.update({name: frozenset(names) for name, names in rows})
		self.known[EVERYTHING] = frozenset()

	def _joined(self, statement: str, **binds: Any) -> list[tuple[str, list[str]]] | None:
		"""Return tables with their columns; None where the server cuts long texts, or a name holds a comma."""
		rows = self.sql(statement, binds)
		found = [(str(row["t"]), row["names"].split(","), row["n"]) for row in rows]
		whole = all(len(names) == number for _table, names, number in found)
		return [(name, names) for name, names, _number in found] if whole else None

	def _schema_rows(self, tables: list[str]) -> list[Row]:
		joined = self._joined(_COLUMNS, tables=tuple(tables))
		if joined is not None:
			return [{"table_name": name, "column_name": column} for name, names in joined for column in names]
		return self.sql(
			"SELECT table_name AS table_name, column_name AS column_name"
			" FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name IN %(tables)s",
			{"tables": tuple(tables)},
		)

	def explain(self, error: Exception) -> SourceUnavailable:
		return explain(error, self.name)

	def version(self) -> str:
		return f"MariaDB {self.sql('SELECT VERSION() AS v')[0]['v']}"

	def close(self) -> None:
		with contextlib.suppress(Exception):
			sock = getattr(self._connection, "_sock", None)
			if sock is not None:
				sock.shutdown(socket.SHUT_RDWR)
		with contextlib.suppress(Exception):
			self._connection.close()


class _Connection(Connection):
	"""A connection that does not read all authorities of this machine when it verifies nothing.

	Where no certificates are configured, PyMySQL from 1.2 on encrypts if the server can, and verifies nothing; yet it
	loads the authorities, which takes longer than all the rest of connecting.
	"""

	def _create_ssl_ctx(self, sslp: Any) -> ssl.SSLContext:
		if sslp:
			made: ssl.SSLContext = super()._create_ssl_ctx(sslp)  # type: ignore[misc]
			return made
		context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
		context.check_hostname = False
		context.verify_mode = ssl.CERT_NONE
		return context


def connect(
	settings: Mapping[str, Any], name: str, *, writable: bool = False, limit: timedelta = WRITE_LIMIT
) -> MariaDB:
	"""Open a session that can only read, unless it is to be writable.

	Args:
		settings: ``host``, ``port``, ``unix_socket``, ``user``, ``password``, ``database``, ``ssl``.
		name: What the database is called in messages.
		writable: For a repair: it may write, in transactions.
		limit: How long one statement of a repair may take.

	Raises:
		SourceUnavailable: The server did not let us in.
	"""
	seconds = (limit if writable else STATEMENT_LIMIT).total_seconds()
	path = settings.get("unix_socket")
	if path and not Path(path).is_socket():
		raise explain(pymysql.OperationalError(2002, f"there is no socket {path}"), name)
	try:
		connection = _Connection(
			**settings,
			charset="utf8mb4",
			autocommit=True,  # a transaction is begun where one is wanted
			connect_timeout=int(CONNECT_LIMIT.total_seconds()),
			read_timeout=int(seconds) + 2,
			write_timeout=int(seconds) + 2,
		)
	except (pymysql.MySQLError, OSError) as error:
		raise explain(error, name) from error
	try:
		with connection.cursor() as cursor:
			if writable:
				wait = int(LOCK_LIMIT.total_seconds())
				cursor.execute(
					"SET SESSION max_statement_time = %s, innodb_lock_wait_timeout = %s, lock_wait_timeout = %s",
					(seconds, wait, wait),
				)
			else:
				cursor.execute(
					"SET SESSION tx_read_only = 1, max_statement_time = %s, group_concat_max_len = %s",
					(seconds, _LONGEST_LIST),
				)
	except (pymysql.MySQLError, OSError) as error:
		connection.close()
		raise explain(error, name) from error
	return MariaDB(connection, name)


def explain(error: Exception, name: str) -> SourceUnavailable:
	"""Put an error of PyMySQL into words."""
	code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
	text = str(error.args[1]) if len(error.args) > 1 else str(error)
	if code in _STATEMENT_TIMEOUT:
		return too_slow()
	if code in _SCHEMA:
		return schema_differs(text)
	if code in _LOCKED:
		return locked("MariaDB")
	if code in _DATA or isinstance(error, (pymysql.IntegrityError, pymysql.DataError)):
		return constraint(text)
	known = _KNOWN.get(code)
	if known is None and code in _DENIED:
		known = _KNOWN[1045]
	if known is not None:
		kind, reason, remedy = known
		return unavailable(kind, reason.format(name=name, text=text), remedy)
	return unavailable(
		"unavailable", f"MariaDB did not answer for {name}: {text}", "Look at the server's error log."
	)


_KNOWN = {
	2002: (
		"refused",
		"MariaDB cannot be reached for {name}: {text}",
		"Start MariaDB, or mend db_host, db_port and db_socket in the site's configuration.",
	),
	2003: (
		"refused",
		"MariaDB cannot be reached for {name}: {text}",
		"Start MariaDB (its error log says why it ended), or mend db_host and db_port in the configuration.",
	),
	2006: (
		"gone",
		"MariaDB ended the connection to {name}.",
		"See whether the server was restarted or killed.",
	),
	2013: (
		"gone",
		"MariaDB ended the connection to {name} in the middle of an answer.",
		"See whether the server was restarted or killed; the kernel log names processes killed for memory.",
	),
	1040: (
		"full",
		"MariaDB has no connection left (max_connections reached).",
		"End idle connections, lower the number of workers, or raise max_connections.",
	),
	1203: (
		"full",
		"The database user of {name} has no connection left (max_user_connections reached).",
		"End idle connections, lower the number of workers, or raise the user's limit.",
	),
	1226: (
		"full",
		"The database user of {name} has reached a limit: {text}",
		"End idle connections, lower the number of workers, or raise the user's limit.",
	),
	1045: (
		"denied",
		"MariaDB refuses the user of {name}: wrong password, or not allowed from this host.",
		"Compare db_name and db_password in site_config.json with the server's user, from its last good copy.",
	),
	1049: (
		"missing",
		"MariaDB has no database {name}.",
		"Compare db_name in site_config.json with `SHOW DATABASES`; restore a backup if it was dropped.",
	),
	1227: (
		"rights",
		"The site's database user may not see this: {text}",
		"Ask with an administrator's account.",
	),
	1142: (
		"rights",
		"The site's database user may not see this: {text}",
		"Ask with an administrator's account.",
	),
}
