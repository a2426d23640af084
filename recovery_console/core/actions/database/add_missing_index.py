"""Make indexes that are missing on big tables."""

from __future__ import annotations

import hashlib

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._named import only_named
from recovery_console.core.actions.database._statements import LONG, patient, quoted
from recovery_console.core.checks.database._tables import indexed, key
from recovery_console.core.checks.database.missing_indexes import _big_tables, _missing
from recovery_console.core.edits import Act
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

#: Frappe gives these the name of their column.
_STANDARD = frozenset({"parent", "creation", "modified"})
_LONGEST = 63


@dataclass(frozen=True)
class AddMissingIndex(Action):
	"""Make the indexes that Frappe makes for its tables and that are missing on big ones.

	No others: an index that a query of your own needs is made with `bench add-database-index`.
	"""

	title = _("Make missing indexes")
	risk = Risk.DISRUPTIVE
	needs = ("DocType", "DocField", "Custom Field")
	checks = ("database.missing_indexes",)
	time_limit = LONG
	batch_size = 1

	#: As the finding names them, DocType and column with a dot between; without, all that are missing.
	indexes: tuple[str, ...] = ()
	#: Smaller tables are read through in no time.
	big_rows: int = 100_000
	most: int = 20

	def plan(self, site: Site) -> Plan:
		big = _big_tables(site, self.big_rows)
		missing = {
			f"{doctype}.{column}": (doctype, column) for doctype, column in sorted(set(_missing(site, big)))
		}
		batches = []
		for doctype, column in only_named(self.id, self.indexes, missing, _("index that is missing")):
			table = f"tab{doctype}"
			arguments = {"table": table, "column": column, "index": self._name(site, table, column)}
			for name in arguments.values():
				quoted(site.db.dialect, name)
			act = Act(_("index"), "Index", f"{doctype}.{column}", arguments)
			batches.append(batch("Index", act.name, act, why=_("about {0} rows").format(big[doctype])))
		return self.planned(
			site,
			_("Indexes to make: {count}"),
			batches,
			most=self.most,
			warnings=[
				_(
					"While an index is made, changes to its table may have to wait, a minute for each ten million rows or"
					" longer: do it outside working hours."
				)
			]
			if batches
			else [],
		)

	@staticmethod
	def _name(site: Site, table: str, column: str) -> str:
		if site.db.dialect == "mariadb":
			return column if column in _STANDARD else f"{column}_index"
		name = f"{table}_{column}_idx"  # elsewhere the names of all tables' indexes share one room
		if len(name.encode()) <= _LONGEST:
			return name
		return f"{column[:40]}_{hashlib.sha256(name.encode()).hexdigest()[:12]}_idx"

	def perform(self, site: WritableSite, act: Act) -> str:
		with patient(site, self.time_limit) as database:
			if _is_there(site, act):
				return _("It is there already.")
			table, column, index = (
				quoted(database.dialect, str(act.arguments[name])) for name in ("table", "column", "index")
			)
			if database.dialect == "postgres":
				# What is left of an earlier try that broke off has the name, but is no index.
				database.sql(f"DROP INDEX CONCURRENTLY IF EXISTS {index}")
				database.sql(f"CREATE INDEX CONCURRENTLY {index} ON {table} ({column})")
			else:
				database.sql(f"CREATE INDEX {index} ON {table} ({column})")
		return _("Made.")

	def is_done(self, site: WritableSite, act: Act) -> bool:
		return _is_there(site, act)


def _is_there(site: Site, act: Act) -> bool:
	own = indexed(site).get(key(site, str(act.arguments["table"])), set())
	return str(act.arguments["column"]).lower() in own
