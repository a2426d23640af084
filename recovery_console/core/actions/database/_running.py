"""What the site's own database user runs at this moment."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Sequence
from typing import Any

from recovery_console.core.backends.database import Database
from recovery_console.core.checks.database._server import outline
from recovery_console.core.edits import Act
from recovery_console.core.errors import ConsoleError
from recovery_console.core.finding import _
from recovery_console.core.record import dataclass

#: MariaDB's user may see and end only what runs under its own name; a backup being written is never ended.
_MARIADB = """SELECT id AS id, time AS seconds, info AS statement, command AS command
	FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND db = DATABASE()
	AND user = SUBSTRING_INDEX(CURRENT_USER(), '@', 1)
	AND (info IS NULL OR info NOT LIKE 'SELECT /*!40001 SQL_NO_CACHE%%') ORDER BY time DESC LIMIT 2000"""
_POSTGRES = """SELECT pid AS id, query AS statement, state AS command,
	EXTRACT(EPOCH FROM clock_timestamp() - CASE state WHEN 'active' THEN query_start ELSE state_change END) AS seconds
	FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()
	AND usename = current_user AND query NOT LIKE 'COPY %%' ORDER BY 4 DESC LIMIT 2000"""
_IDLE = "idle in transaction"
_WHOLE_TABLES = {"ALTER", "CREATE", "DROP", "OPTIMIZE", "REINDEX", "RENAME", "REPAIR", "TRUNCATE", "VACUUM"}
#: After a statement was asked to end, it is looked for so often, so many seconds apart.
_LOOKS, _PAUSE = 30, 0.1


@dataclass(frozen=True)
class Running:
	"""A connection of the site's user, and what it does or did last."""

	id: int
	seconds: float
	statement: str
	command: str

	@property
	def digest(self) -> str:
		"""Tells whether it is still the same statement; its values are not kept."""
		return hashlib.sha256(self.statement.encode()).hexdigest()[:32]

	@property
	def outline(self) -> str:
		return outline(self.statement)

	@property
	def changes_tables(self) -> bool:
		"""It changes or rewrites a table as a whole, as a migration does."""
		return self.outline.partition(" ")[0] in _WHOLE_TABLES

	@property
	def busy(self) -> bool:
		"""It is carrying out a statement."""
		return self.command in ("Query", "Execute", "active")

	@property
	def idle_in_transaction(self) -> bool:
		"""It holds a transaction open and does nothing; only PostgreSQL says so."""
		return self.command.startswith(_IDLE)


def running(database: Database) -> dict[str, Running]:
	"""Return the connections of the site's user by id, those that have done the same for longest first."""
	rows = database.sql(_POSTGRES if database.dialect == "postgres" else _MARIADB)
	return {
		str(row["id"]): Running(
			int(row["id"]), float(row["seconds"] or 0), str(row["statement"] or ""), str(row["command"])
		)
		for row in rows
	}


def act_on(what: str, kind_of: str, found: Running) -> Act:
	"""Return the act that ends a statement or a connection, which is only done to the very same."""
	arguments = {
		"id": found.id,
		"digest": found.digest,
		"seconds": math.floor(found.seconds),
		"what": found.outline,
		"command": found.command,
	}
	return Act(what, kind_of, str(found.id), arguments)


def still_there(database: Database, act: Act) -> Running | None:
	"""Return the connection of an act if it still does what it did; None when it has ended."""
	found = running(database).get(act.name)
	if found is None or found.digest != act.arguments["digest"]:
		return None
	same = found.seconds >= float(act.arguments["seconds"]) and found.command == act.arguments["command"]
	return found if same else None


def end(database: Database, act: Act, statements: Sequence[str]) -> str:
	"""End what an act names, if it is still the same, and wait a little for it to be gone.

	Args:
		database: A connection of the same user.
		act: Made by ``act_on``.
		statements: What ends it on MariaDB and on PostgreSQL.
	"""
	if still_there(database, act) is None:
		return _("It had ended by itself.")
	binds: dict[str, Any] = {"id": act.arguments["id"]}
	database.sql(statements[database.dialect == "postgres"], binds)
	for _look in range(_LOOKS):
		if still_there(database, act) is None:
			return _("Ended.")
		time.sleep(_PAUSE)
	raise ConsoleError(
		_("{0} was asked to end and is still there.").format(act.name),
		remedy=_("What it changed is being undone, which takes as long as the change did. Look again later."),
		changed=_("It was asked to end."),
	)
