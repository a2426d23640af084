"""Give PostgreSQL its transaction numbers back."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.database._statements import LONG, patient, quoted
from recovery_console.core.checks.database._server import only_on
from recovery_console.core.edits import Act
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

_OLDEST = """SELECT c.relname AS name, age(c.relfrozenxid) AS age FROM pg_class c
	JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'
	AND n.nspname = ANY (current_schemas(false)) AND age(c.relfrozenxid) >= %(age)s
	ORDER BY 2 DESC, 1 LIMIT 10000"""
_AGE = """SELECT age(c.relfrozenxid) AS age FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
	WHERE c.relkind = 'r' AND n.nspname = ANY (current_schemas(false)) AND c.relname = %(name)s"""


@dataclass(frozen=True)
class Freeze(Action):
	"""Freeze the tables of the site whose rows keep the oldest transaction numbers of PostgreSQL in use.

	Other databases of the server, and its own catalogue, are its administrator's.
	"""

	title = _("Freeze old rows")
	risk = Risk.DISRUPTIVE
	checks = ("database.wraparound",)
	time_limit = LONG
	batch_size = 20

	#: Tables that were frozen fewer transactions ago are left as they are.
	older_than_transactions: int = 200_000_000
	most: int = 2_000

	def plan(self, site: Site) -> Plan:
		only_on(site, "postgres")
		batches = []
		for row in site.db.sql(_OLDEST, {"age": self.older_than_transactions}):
			quoted("postgres", row["name"])
			act = Act(_("freeze"), "Table", row["name"], {"age": int(row["age"])})
			batches.append(
				batch("Table", row["name"], act, why=_("age in transactions: {0}").format(row["age"]))
			)
		return self.planned(
			site,
			_("Tables to freeze: {count}"),
			batches,
			most=self.most,
			warnings=[_("It reads whole tables; the site is slower meanwhile. Nobody is locked out.")]
			if batches
			else [],
		)

	def perform(self, site: WritableSite, act: Act) -> str:
		with patient(site, self.time_limit) as database:
			database.sql(f"VACUUM (FREEZE) {quoted('postgres', act.name)}")
		return _("Frozen.")

	def is_done(self, site: WritableSite, act: Act) -> bool:
		rows = site.writer.sql(_AGE, {"name": act.name})
		return bool(rows) and int(rows[0]["age"]) < int(act.arguments["age"])
