"""PostgreSQL, through psycopg2."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import psycopg2
from psycopg2 import errors
from psycopg2.extras import RealDictCursor

from recovery_console.core.backends.database import (
	CONNECT_LIMIT,
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
from recovery_console.core.errors import SourceUnavailable


class Postgres(Database):
	"""A read-only session with a statement time limit."""

	dialect = "postgres"
	planner = "EXPLAIN (FORMAT JSON) "

	@property
	def driver_errors(self) -> tuple[type[Exception], ...]:
		return (psycopg2.Error, OSError)

	def _execute(self, statement: str, binds: Mapping[str, Any] | Sequence[Any]) -> list[Row]:
		with self._connection.cursor(cursor_factory=RealDictCursor) as cursor:
			cursor.execute(statement, binds or None)
			return [dict(row) for row in cursor.fetchmany(ROW_LIMIT + 1)] if cursor.description else []

	def _schema_rows(self, tables: list[str]) -> list[Row]:
		return self.sql(
			"SELECT table_name, column_name FROM information_schema.columns"
			" WHERE table_schema = ANY (current_schemas(false)) AND table_name IN %(tables)s",
			{"tables": tuple(tables)},
		)

	def explain(self, error: Exception) -> SourceUnavailable:
		return explain(error, self.name)

	def version(self) -> str:
		return f"PostgreSQL {self.sql('SHOW server_version')[0]['server_version']}"

	def close(self) -> None:
		# Also wakes a thread that waits for an answer, which close() alone does not.
		with (
			contextlib.suppress(Exception),
			socket.socket(fileno=os.dup(self._connection.fileno())) as duplicate,
		):
			duplicate.shutdown(socket.SHUT_RDWR)
		with contextlib.suppress(Exception):
			self._connection.close()


def connect(
	settings: Mapping[str, Any],
	name: str,
	schema: str | None = None,
	*,
	writable: bool = False,
	limit: timedelta = WRITE_LIMIT,
) -> Postgres:
	"""Open a session that can only read, unless it is to be writable.

	Args:
		settings: ``host``, ``port``, ``user``, ``password``, ``dbname``.
		name: What the database is called in messages.
		schema: Schema of the site, when it is not the user's default.
		writable: For a repair: it may write, in transactions.
		limit: How long one statement of a repair may take.

	Raises:
		SourceUnavailable: The server did not let us in.
	"""
	milliseconds = int((limit if writable else STATEMENT_LIMIT).total_seconds() * 1000)
	kind = (
		f"lock_timeout={int(LOCK_LIMIT.total_seconds() * 1000)}"
		if writable
		else "default_transaction_read_only=on"
	)
	options = f"-c {kind} -c statement_timeout={milliseconds}"
	try:
		connection = psycopg2.connect(
			**settings, connect_timeout=int(CONNECT_LIMIT.total_seconds()), options=options
		)
		connection.autocommit = True
		if schema:
			with connection.cursor() as cursor:
				cursor.execute("SELECT set_config('search_path', %s, false)", (schema,))
	except (psycopg2.Error, OSError) as error:
		raise explain(error, name) from error
	return Postgres(connection, name)


def explain(error: Exception, name: str) -> SourceUnavailable:
	"""Put an error of psycopg2 into words."""
	text = " ".join(str(error).split())
	if isinstance(error, errors.QueryCanceled):
		return too_slow()
	if isinstance(error, (errors.UndefinedTable, errors.UndefinedColumn)):
		return schema_differs(text.partition(" LINE ")[0])
	if isinstance(error, (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure)):
		return locked("PostgreSQL")
	if isinstance(error, (psycopg2.IntegrityError, psycopg2.DataError)):
		return constraint(text.partition(" LINE ")[0])
	# A refused connection carries no SQLSTATE, only the server's English text.
	for sign, kind, reason, remedy in _KNOWN:
		if sign in text:
			return unavailable(kind, reason.format(name=name), remedy)
	return unavailable(
		"unavailable", f"PostgreSQL did not answer for {name}: {text}", "Look at the server's log."
	)


_KNOWN = (
	(
		"too many clients",
		"full",
		"PostgreSQL has no connection left.",
		"End idle connections, lower the number of workers, or raise max_connections.",
	),
	(
		"remaining connection slots",
		"full",
		"PostgreSQL has no connection left for ordinary users.",
		"End idle connections, lower the number of workers, or raise max_connections.",
	),
	(
		"too many connections for role",
		"full",
		"The database user of {name} has no connection left.",
		"End idle connections, or raise the role's connection limit.",
	),
	(
		"password authentication failed",
		"denied",
		"PostgreSQL refuses the user of {name}: wrong password.",
		"Compare db_name and db_password in site_config.json with the server's role, from its last good copy.",
	),
	(
		"no password supplied",
		"denied",
		"PostgreSQL asks the user of {name} for a password, and the site has none.",
		"Set db_password in site_config.json, from its last good copy.",
	),
	(
		"no pg_hba.conf entry",
		"denied",
		"PostgreSQL refuses the user of {name} from this host.",
		"Add this host to pg_hba.conf.",
	),
	(
		"does not exist",
		"missing",
		"PostgreSQL has no database or role {name}.",
		"Compare db_name in site_config.json with the server; restore a backup if it was dropped.",
	),
	(
		"Connection refused",
		"refused",
		"PostgreSQL cannot be reached for {name}.",
		"Start PostgreSQL, or mend db_host and db_port in the site's configuration.",
	),
	(
		"No such file or directory",
		"refused",
		"PostgreSQL cannot be reached for {name}: its socket is not there.",
		"Start PostgreSQL, or mend db_host and db_port in the site's configuration.",
	),
	(
		"could not translate host name",
		"refused",
		"The host name of the database of {name} is not known.",
		"Mend db_host in the site's configuration.",
	),
	(
		"timeout expired",
		"timeout",
		"PostgreSQL did not answer in time for {name}.",
		"See whether its host is up and not overloaded.",
	),
	(
		"closed the connection",
		"gone",
		"PostgreSQL ended the connection to {name}.",
		"See whether the server was restarted or killed.",
	),
	(
		"starting up",
		"loading",
		"PostgreSQL is still starting up.",
		"Repeat in a minute; its log shows the recovery's progress.",
	),
)
