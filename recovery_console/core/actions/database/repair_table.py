"""Repair damaged tables where the engine can."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._named import only_named
from recovery_console.core.actions.database._statements import LONG, must_be_ok, patient, quoted
from recovery_console.core.backends.database import Database
from recovery_console.core.checks.database import _server
from recovery_console.core.checks.database._tables import StoredTable, tables
from recovery_console.core.checks.database.damaged_tables import sqlite_complaints
from recovery_console.core.edits import Act
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

#: Engines that can mend a table in place.
_MENDABLE = frozenset({"MyISAM", "Aria"})
#: What SQLite says of an index that does not fit its table.
_INDEX = re.compile(r"(?:missing from index|wrong # of entries in index|non-unique entry in index) (.+)")
_CHECK = "PRAGMA integrity_check(100)"


@dataclass(frozen=True)
class RepairTable(Action):
	"""Repair damaged tables as far as the engine can: tables of MyISAM and Aria, and indexes of SQLite.

	A damaged table of InnoDB cannot be repaired in place, nor a damaged page of SQLite: they are restored from a
	backup. REPAIR TABLE may lose the rows that it cannot read.
	"""

	title = _("Repair damaged tables")
	risk = Risk.DESTRUCTIVE
	checks = ("database.damaged_tables",)
	time_limit = LONG
	batch_size = 1

	#: Names of tables, or of indexes on SQLite; without, all that are damaged and can be repaired.
	names: tuple[str, ...] = ()
	#: Stop looking for damage after so long.
	within: timedelta = timedelta(seconds=25)
	most: int = 50

	def plan(self, site: Site) -> Plan:
		sqlite = _server.only_on(site, "mariadb", "sqlite") == "sqlite"
		if sqlite:
			damaged, left_out, looked = _damaged_indexes(site)
		else:
			damaged, left_out, looked = self._damaged_tables(site)
		kind = "Index" if sqlite else "Table"
		batches = []
		for name in only_named(self.id, self.names, {name: name for name in damaged}, _("damaged table")):
			quoted(site.db.dialect, name)
			batches.append(
				batch(kind, name, Act(_("repair"), kind, name, {"said": damaged[name]}), why=damaged[name])
			)
		said = [
			_("Take a copy of the database's files first: rows that cannot be read are lost in the repair.")
		]
		if not looked:
			said.append(_("There was no time to look at all tables; run it again for the rest."))
		return self.planned(
			site,
			_("Tables and indexes to repair: {count}"),
			batches,
			most=self.most,
			warnings=said if batches else said[1:],
			left_out=left_out,
		)

	def _damaged_tables(self, site: Site) -> tuple[dict[str, str], list[LeftOut], bool]:
		ends = time.monotonic() + self.within.total_seconds()
		damaged: dict[str, str] = {}
		left_out: list[LeftOut] = []
		for found in _likely(tables(site)):
			if time.monotonic() > ends:
				return damaged, left_out, False
			for text in complaints(site.db, found.name):
				if found.engine in _MENDABLE or not found.engine:
					damaged.setdefault(found.name, text)
				else:
					left_out.append(
						LeftOut(Subject("Table", found.name), _RESTORE.format(found.engine, text))
					)
		return damaged, left_out, True

	def perform(self, site: WritableSite, act: Act) -> str:
		with patient(site, self.time_limit) as database:
			name = quoted(database.dialect, act.name)
			if database.dialect == "sqlite":
				database.sql(f"REINDEX {name}")
				return _("The index was made anew from its table.")
			return must_be_ok(database.sql(f"REPAIR TABLE {name}"))

	def is_done(self, site: WritableSite, act: Act) -> bool:
		if site.writer.dialect == "sqlite":
			said = [str(next(iter(row.values()))) for row in site.writer.sql(_CHECK)]
			return not any(text.endswith(act.name) for text in said)
		return not list(complaints(site.writer, act.name))


def complaints(database: Database, table: str) -> Iterator[str]:
	"""Yield what MariaDB finds wrong with a table."""
	for row in database.sql(f"CHECK TABLE {quoted('mariadb', table)} MEDIUM"):
		if str(row["Msg_type"]).lower() == "error":
			yield str(row["Msg_text"])


def _likely(found: list[StoredTable]) -> list[StoredTable]:
	"""Return the tables in the order in which damage is to be looked for: those that can be repaired first."""
	return sorted(
		found, key=lambda item: (item.engine not in _MENDABLE and bool(item.engine), item.total_bytes)
	)


def _damaged_indexes(site: Site) -> tuple[dict[str, str], list[LeftOut], bool]:
	damaged: dict[str, str] = {}
	other = ""
	for text in sqlite_complaints(site):
		if match := _INDEX.search(text):
			damaged.setdefault(match[1], text)
		else:
			other = other or text
	left = (
		[LeftOut(Subject("Database", _server.name(site)), _RESTORE.format("SQLite", other))] if other else []
	)
	return damaged, left, True


_RESTORE = _(
	"{0} cannot repair this in place: copy the files, then restore the last good backup. It says: {1}"
)
