"""Move tables into InnoDB."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._named import only_named
from recovery_console.core.actions.database._statements import LONG, patient, quoted
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.database import _server
from recovery_console.core.checks.database._tables import tables
from recovery_console.core.edits import Act
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

_ENGINE = "SELECT engine AS engine FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = %(t)s"


@dataclass(frozen=True)
class ConvertEngine(Action):
	"""Move tables into InnoDB that their DocType wants there and that lie in another engine."""

	title = _("Move tables into InnoDB")
	risk = Risk.DISRUPTIVE
	needs = ("DocType",)
	checks = ("database.engines",)
	time_limit = LONG
	batch_size = 1

	#: Names of tables, such as tabSales Invoice; without, all that the finding names.
	tables: tuple[str, ...] = ()
	#: Larger ones are left for a maintenance window.
	largest_mib: int = 2048
	most: int = 50

	def plan(self, site: Site) -> Plan:
		_server.only_on(site, "mariadb")
		t = table("DocType")
		rows = site.db.run(site.db.from_(t).select(t["name"], t.engine).where(t.engine != "InnoDB"))
		meant = {row["name"]: row["engine"] for row in rows if row["engine"]}
		wrong = {
			found.name: found
			for found in tables(site)
			if found.name.startswith("tab") and found.engine not in ("InnoDB", meant.get(found.doctype), "")
		}
		chosen = only_named(self.id, self.tables, wrong, _("table that lies in the wrong engine"))
		most_bytes = self.largest_mib * _server.MIB
		batches = []
		for found in chosen:
			quoted("mariadb", found.name)
			if self.tables or found.total_bytes <= most_bytes:
				act = Act(_("engine"), "Table", found.name, {"from": found.engine})
				batches.append(batch("Table", found.name, act, why=_("in {0} now").format(found.engine)))
		said = [
			_(
				"Each table is written anew: it needs as much free disk space again, and nobody can change it meanwhile."
			)
		]
		if len(batches) < len(chosen):
			said.append(
				_("Tables larger than {1} MiB: {0}. Name them when nobody is at work.").format(
					len(chosen) - len(batches), self.largest_mib
				)
			)
		return self.planned(
			site,
			_("Tables to move into InnoDB: {count}"),
			batches,
			most=self.most,
			warnings=said if chosen else [],
		)

	def perform(self, site: WritableSite, act: Act) -> str:
		with patient(site, self.time_limit) as database:
			database.sql(f"ALTER TABLE {quoted('mariadb', act.name)} ENGINE = InnoDB")
		return _("In InnoDB now.")

	def is_done(self, site: WritableSite, act: Act) -> bool:
		rows = site.writer.sql(_ENGINE, {"t": act.name})
		return bool(rows) and rows[0]["engine"] == "InnoDB"
