"""Are tables kept by the wrong storage engine?"""

from __future__ import annotations

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database import _server
from recovery_console.core.checks.database._tables import tables
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Engines(Check):
	"""Are tables in MyISAM or another engine that their DocType should have in InnoDB?

	Cost: the list of tables, read once for all checks, and one small read of DocType.
	"""

	title = _("Storage engines")
	needs = ("DocType",)

	def run(self, site: Site) -> Answer:
		_server.only_on(site, "mariadb")
		t = table("DocType")
		rows = site.db.run(site.db.from_(t).select(t["name"], t.engine).where(t.engine != "InnoDB"))
		meant = {row["name"]: row["engine"] for row in rows if row["engine"]}
		wrong = [
			found
			for found in tables(site)
			if found.name.startswith("tab") and found.engine not in ("InnoDB", meant.get(found.doctype), "")
		]
		yield self.measure(tables_not_innodb=len(wrong))
		if not wrong:
			return
		yield self.warning(
			_("Tables that are not kept in InnoDB: {count}."),
			cause=_(
				"They are in {engines}, which knows no transactions: a job that fails half-way leaves half its rows there,"
				" writers lock the whole table, and a crash damages it. Mostly an old server's default or a restored dump."
			),
			remedy=_(
				"Take a backup, then outside working hours for each table, such as the first:"
				' `bench --site {site} transform-database --table "{first}" --engine InnoDB`'
			),
			subjects=[("Table", found.name) for found in wrong],
			engines=", ".join(sorted({found.engine for found in wrong})),
			site=site.name,
			first=wrong[0].name,
		)
