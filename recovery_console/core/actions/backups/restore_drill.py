"""Restore a backup into a scratch database, compare, and drop it again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.backups._choosing import chosen_set
from recovery_console.core.actions.backups._programs import account
from recovery_console.core.actions.backups._scratch import (
	restored,
	scratch_name,
	table_names,
	unpacked_sqlite,
)
from recovery_console.core.backends.database import Database
from recovery_console.core.backends.sql import raw_table
from recovery_console.core.checks.backups import _sets
from recovery_console.core.checks.backups._unpack import Deadline
from recovery_console.core.checks.database._tables import tables
from recovery_console.core.edits import Act
from recovery_console.core.errors import ConsoleError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site, connect
from recovery_console.core.writable import WritableSite

_MIB = 1024**2
#: Without rows in these, no site works.
_CORE = ("tabDocType", "tabUser", "tabSingles", "tabDefaultValue", "__Auth")
#: So many of the largest tables are counted, too.
_LARGEST = 12
#: A dump takes up to so many times its packed size when it is unpacked.
_UNPACKED = 12


@dataclass(frozen=True)
class RestoreDrill(Action):
	"""Restore a backup into a scratch database, compare its tables and rows with the site's, and drop it again.

	The site itself is only read. On MariaDB and PostgreSQL it takes an account that may create databases, which the
	site's own mostly may not: give ``root_user`` and ``root_password``, which are written nowhere.
	"""

	title = _("Try a restore in a scratch database")
	risk = Risk.DISRUPTIVE
	checks = ("backups.contents",)
	secret = ("root_password",)
	resources = ("backups",)
	time_limit = timedelta(hours=4)
	batch_size = 1

	#: The backup, by the time in its names; without, the newest of the whole database.
	backup: str = ""
	root_user: str = ""
	root_password: str = ""

	def plan(self, site: Site) -> Plan:
		found = chosen_set(site, self.backup, sound=True)
		size = found.parts[_sets.DATABASE].size_bytes
		free = site.host.file_systems([site.path])[0].free_bytes
		if site.db.dialect == "sqlite" and free < size * _UNPACKED:
			raise ConsoleError(
				_("There is too little room to unpack the backup: {0} MiB are free.").format(free // _MIB),
				remedy=_("Make room with the runbook disk-full, or try the restore on another machine."),
			)
		name = scratch_name(site)
		act = Act(_("drill"), "Backup", found.stamp, {"root_user": self.root_user})
		return self.planned(
			site,
			_("Restore the backup of {taken} into {scratch}, compare, and drop it"),
			[batch("Backup", found.stamp, act)],
			warnings=[
				_("The database server is busy meanwhile, and needs room for a second copy of the database.")
			],
			taken=found.stamp,
			scratch=name,
		)

	def perform(self, site: WritableSite, act: Act) -> str:
		found = chosen_set(site, act.name)
		with self._scratch(site, found, act) as scratch:
			there = table_names(scratch)
			lacking = [name for name in _CORE if name not in there]
			if lacking:
				raise ConsoleError(
					_("The restored database lacks {0}.").format(", ".join(lacking)),
					remedy=_("Choose another backup."),
				)
			wanted = [*_CORE, *self._largest(site)]
			before = _counts(scratch, [name for name in wanted if name in there])
		now = self._now(site, list(before))
		empty = [name for name in _CORE if not before[name] and now.get(name)]
		if empty:
			raise ConsoleError(
				_("In the restored database these are empty: {0}.").format(", ".join(empty)),
				remedy=_("Choose another backup."),
			)
		rows = ", ".join(f"{name} {before[name]}/{now.get(name, 0)}" for name in before)
		return _("It can be restored: {0} tables. Rows in the backup/now: {1}.").format(len(there), rows)

	@contextmanager
	def _scratch(self, site: WritableSite, found: _sets.BackupSet, act: Act) -> Iterator[Database]:
		seconds = self.time_limit.total_seconds()
		if site.config.get("db_type") == "sqlite":
			folder = site.path / "private" / "recovery_console"
			with unpacked_sqlite(site, found, folder, Deadline(seconds)) as database:
				yield database
			return
		user = str(act.arguments["root_user"])
		password = site.secrets.get("root_password", self.root_password)
		with restored(site, found, account(site, user, password), seconds) as database:
			yield database

	@staticmethod
	def _largest(site: Site) -> list[str]:
		own = sorted(tables(site), key=lambda item: -item.total_bytes)
		return [item.name for item in own if item.name.startswith("tab") and item.name not in _CORE][
			:_LARGEST
		]

	@staticmethod
	def _now(site: WritableSite, names: list[str]) -> dict[str, int]:
		database = connect(site.config, site.path, writable=True, limit=timedelta(minutes=10))
		try:
			return _counts(database, [name for name in names if name in table_names(database)])
		finally:
			database.close()

	def is_done(self, site: WritableSite, act: Act) -> bool:  # noqa: ARG002
		return False  # once more does no harm, and takes away what was left behind


def _counts(database: Database, names: list[str]) -> dict[str, int]:
	return {name: database.count(database.from_(raw_table(name))) for name in names}
