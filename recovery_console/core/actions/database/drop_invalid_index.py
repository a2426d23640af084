"""Drop what is left of indexes that PostgreSQL could not make."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._named import only_named
from recovery_console.core.actions.database._statements import LONG, patient, quoted
from recovery_console.core.checks.database._server import only_on
from recovery_console.core.edits import Act
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

_INVALID = """SELECT c.relname AS name, t.relname AS of_table FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
	JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
	WHERE NOT i.indisvalid AND NOT i.indisprimary AND n.nspname = ANY (current_schemas(false)) ORDER BY 1"""


@dataclass(frozen=True)
class DropInvalidIndex(Action):
	"""Drop indexes of PostgreSQL that are marked invalid: no search uses them, each change pays for them.

	They stay behind when `CREATE INDEX CONCURRENTLY` breaks off, and keep the name from the next try.
	"""

	title = _("Drop invalid indexes")
	risk = Risk.DISRUPTIVE
	checks = ("database.missing_indexes",)
	time_limit = LONG
	batch_size = 1

	#: Their names; without, all of them.
	indexes: tuple[str, ...] = ()
	most: int = 50

	def plan(self, site: Site) -> Plan:
		only_on(site, "postgres")
		invalid = {str(row["name"]): str(row["of_table"]) for row in site.db.sql(_INVALID)}
		names = {name: name for name in invalid}
		batches = []
		for name in only_named(self.id, self.indexes, names, _("invalid index")):
			quoted("postgres", name)
			act = Act(_("index"), "Index", name, {"table": invalid[name]})
			batches.append(batch("Index", name, act, why=_("of {0}").format(invalid[name])))
		return self.planned(site, _("Invalid indexes to drop: {count}"), batches, most=self.most)

	def perform(self, site: WritableSite, act: Act) -> str:
		with patient(site, self.time_limit) as database:
			if act.name in {row["name"] for row in database.sql(_INVALID)}:
				database.sql(f"DROP INDEX CONCURRENTLY IF EXISTS {quoted('postgres', act.name)}")
		return _("Dropped.")

	def is_done(self, site: WritableSite, act: Act) -> bool:
		return act.name not in {row["name"] for row in site.writer.sql(_INVALID)}
