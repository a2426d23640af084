"""Give space back that the database holds and does not use."""

from __future__ import annotations

import contextlib
from pathlib import Path

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._named import only_named
from recovery_console.core.actions.database._statements import LONG, must_be_ok, patient, quoted
from recovery_console.core.checks.database import _server
from recovery_console.core.checks.database._tables import tables
from recovery_console.core.edits import Act
from recovery_console.core.errors import SourceUnavailable, UsageError
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

_DEAD = "SELECT relname AS name, n_dead_tup AS dead FROM pg_stat_user_tables WHERE n_dead_tup > 0"


@dataclass(frozen=True)
class ReclaimSpace(Action):
	"""Give space back that deleted rows left: OPTIMIZE TABLE on MariaDB, VACUUM on PostgreSQL and SQLite.

	On PostgreSQL an ordinary VACUUM: it makes the room usable again and locks nobody out.
	"""

	title = _("Give back unused space of the database")
	risk = Risk.DISRUPTIVE
	checks = ("database.wasted_space", "database.dead_rows")
	time_limit = LONG
	batch_size = 1

	#: Names of tables; without, those with the most unused space.
	tables: tuple[str, ...] = ()
	#: Tables with less unused space are left as they are.
	at_least_mib: int = 64
	most: int = 20

	def plan(self, site: Site) -> Plan:
		plans = {"mariadb": self._mariadb, "postgres": self._postgres, "sqlite": self._sqlite}
		names, left_out, warning = plans[site.db.dialect](site)
		for name in names:
			quoted(site.db.dialect, name)
		return self.planned(
			site,
			_("Tables to give unused space back: {count}"),
			[
				batch("Table", name, Act(_("space"), "Table", name, {}), why=why)
				for name, why in names.items()
			],
			most=self.most,
			warnings=[warning] if names else [],
			left_out=left_out,
		)

	def _mariadb(self, site: Site) -> tuple[dict[str, str], list[LeftOut], str]:
		own = {found.name: found for found in tables(site)}
		free = _free(site)
		chosen = only_named(self.id, self.tables, own, _("table of this site"))
		if not self.tables:
			chosen = [found for found in chosen if found.free_bytes >= self.at_least_mib * _server.MIB]
		tight = [found for found in chosen if free is not None and found.total_bytes * 2 > free]
		why = {
			found.name: _("{0} MiB unused").format(_server.mib(found.free_bytes))
			for found in sorted(chosen, key=lambda item: -item.free_bytes)
			if found not in tight
		}
		left = [LeftOut(Subject("Table", found.name), _TIGHT) for found in tight]
		return why, left, _("Each table is written anew; nobody can change it meanwhile.")

	def _postgres(self, site: Site) -> tuple[dict[str, str], list[LeftOut], str]:
		dead = {row["name"]: int(row["dead"]) for row in site.db.sql(_DEAD)}
		own = {found.name: found for found in tables(site)}
		chosen = only_named(self.id, self.tables, own, _("table of this site"))
		if not self.tables:
			chosen = [found for found in chosen if dead.get(found.name)]
		chosen.sort(key=lambda found: -dead.get(found.name, 0))
		why = {found.name: _("dead rows: {0}").format(dead.get(found.name, 0)) for found in chosen}
		return why, [], _("It reads whole tables; the site is slower meanwhile.")

	def _sqlite(self, site: Site) -> tuple[dict[str, str], list[LeftOut], str]:
		if self.tables:
			raise UsageError(
				_("SQLite gives space back for the whole file only, not for single tables."),
				remedy=_("Name no tables."),
			)
		name = _server.name(site)
		file = site.files.stat(site.path / "db" / f"{name}.db")
		free = _free(site)
		if file is not None and free is not None and free < 2 * file.size_bytes:
			return {}, [LeftOut(Subject("Database", name), _TIGHT)], ""
		return {name: ""}, [], _("The file is written anew; nobody can change anything meanwhile.")

	def perform(self, site: WritableSite, act: Act) -> str:
		with patient(site, self.time_limit) as database:
			if database.dialect == "sqlite":
				database.sql("VACUUM")
				database.sql("PRAGMA wal_checkpoint(TRUNCATE)")
				return _("Done.")
			name = quoted(database.dialect, act.name)
			if database.dialect == "postgres":
				database.sql(f"VACUUM (ANALYZE) {name}")
				return _("Done.")
			return must_be_ok(database.sql(f"OPTIMIZE TABLE {name}"))

	def is_done(self, site: WritableSite, act: Act) -> bool:  # noqa: ARG002
		return False  # once more does no harm


_TIGHT = _("There is not twice its size free on the disk, which writing it anew needs.")


def _free(site: Site) -> int | None:
	"""Return how much is free where the database's files lie; None where that cannot be seen from here."""
	folder = site.path / "db"
	if site.db.dialect == "mariadb":
		folder = Path(str(site.db.sql("SELECT @@datadir AS folder")[0]["folder"]))
	with contextlib.suppress(OSError, SourceUnavailable):
		if folder.is_dir():
			return site.host.file_systems([folder])[0].free_bytes
	return None
