"""Have the database count its tables anew."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._named import only_named
from recovery_console.core.actions.database._statements import must_be_ok, patient, quoted
from recovery_console.core.checks.database._tables import StoredTable, largest_rowids, tables
from recovery_console.core.edits import Act
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

_STATEMENTS = {"mariadb": "ANALYZE TABLE {}", "postgres": "ANALYZE {}", "sqlite": "ANALYZE {}"}
#: About so many bytes a row of a document has.
_ROW = 500


@dataclass(frozen=True)
class Analyse(Action):
	"""Have the database renew its statistics of tables, by which it chooses how to carry out a query.

	It reads samples of a table and changes no row. Old statistics make a query read a whole table although an index
	would do.
	"""

	title = _("Renew the statistics of tables")
	risk = Risk.DISRUPTIVE
	checks = ("performance.slow_queries", "database.long_queries")
	time_limit = timedelta(minutes=30)
	batch_size = 5

	#: Names of tables, such as tabSales Invoice; without, those with at least ``rows`` rows.
	tables: tuple[str, ...] = ()
	rows: int = 10_000
	most: int = 50

	def plan(self, site: Site) -> Plan:
		own = {found.name: found for found in tables(site)}
		chosen = only_named(self.id, self.tables, own, _("table of this site"))
		if not self.tables:
			chosen = self._big(site, chosen)
		batches = []
		for found in chosen:
			quoted(site.db.dialect, found.name)
			batches.append(batch("Table", found.name, Act(_("statistics"), "Table", found.name, {})))
		return self.planned(
			site,
			_("Tables whose statistics are renewed: {count}"),
			batches,
			most=self.most,
			warnings=[_("On large tables it takes minutes, in which the site is slower.")] if batches else [],
		)

	def _big(self, site: Site, found: list[StoredTable]) -> list[StoredTable]:
		documents = [item for item in found if item.name.startswith("tab")]
		# Where there are no statistics at all yet, the size must do.
		sizes = {item.name: item.rows if item.rows >= 0 else item.total_bytes // _ROW for item in documents}
		if site.db.dialect == "sqlite":
			sizes = largest_rowids(site, sorted(sizes))
		big = [item for item in documents if sizes[item.name] >= self.rows]
		return sorted(big, key=lambda item: (-sizes[item.name], item.name))

	def perform(self, site: WritableSite, act: Act) -> str:
		with patient(site) as database:
			name = quoted(database.dialect, act.name)
			rows = database.sql(_STATEMENTS[database.dialect].format(name))
			return must_be_ok(rows) if database.dialect == "mariadb" else _("Done.")

	def is_done(self, site: WritableSite, act: Act) -> bool:  # noqa: ARG002
		return False  # once more does no harm
