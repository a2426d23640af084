"""Statements that change a table as a whole, on a connection that may take its time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from recovery_console.core.backends.database import Database, Row
from recovery_console.core.errors import ConsoleError, UsageError
from recovery_console.core.finding import _
from recovery_console.core.site import connect
from recovery_console.core.writable import WritableSite

#: PyPika writes no statement of this kind: only names that need no escaping go into one.
_PLAIN = re.compile(r"[\w -]+")
#: How long a statement that reads or rewrites a whole table may take.
LONG = timedelta(minutes=30)


@contextmanager
def patient(site: WritableSite, limit: timedelta = LONG) -> Iterator[Database]:
	"""Open a connection of its own whose statements may take long; for a lock it waits as briefly as any repair."""
	database = connect(site.config, site.path, writable=True, limit=limit)
	try:
		yield database
	finally:
		database.close()


def quoted(dialect: str, name: str) -> str:
	"""Return the name of a table, column or index as a statement has it.

	Raises:
		UsageError: It holds characters that such names do not have.
	"""
	if not _PLAIN.fullmatch(name):
		raise UsageError(
			_("{0} is no name that can be put into a statement.").format(repr(name[:80])),
			remedy=_("Do it by hand, with the database's own tool."),
		)
	return f'"{name}"' if dialect == "postgres" else f"`{name}`"


def must_be_ok(rows: list[Row]) -> str:
	"""Return what MariaDB's ANALYZE, OPTIMIZE or REPAIR TABLE said.

	Raises:
		ConsoleError: It said that it failed.
	"""
	said = "; ".join(str(row["Msg_text"]) for row in rows)
	if any(str(row["Msg_type"]).lower() == "error" for row in rows):
		raise ConsoleError(
			_("MariaDB says: {0}").format(said),
			remedy=_("See MariaDB's error log; restore the table from a backup if it is damaged."),
			changed=_("What it changed is not known."),
		)
	return said


def table_exists(database: Database, name: str) -> bool:
	"""Tell whether a table is there now."""
	database.known.pop(name, None)
	return database.has_table(name)
