"""Will PostgreSQL run out of transaction numbers?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database import _server
from recovery_console.core.finding import _
from recovery_console.core.site import Site

#: PostgreSQL stops taking changes a little before this age.
LIMIT = 2**31


@dataclass(frozen=True)
class Wraparound(Check):
	"""Will PostgreSQL run out of transaction numbers, because old rows were never frozen?

	Cost: one statement of constant cost.
	"""

	title = _("Transaction numbers")
	explained_by = ("database.idle_transactions",)

	#: Autovacuum acts at 0.2 billion; an age beyond this means that it cannot.
	warning_age: int = 1_000_000_000
	critical_age: int = 1_800_000_000

	def run(self, site: Site) -> Answer:
		_server.only_on(site, "postgres")
		rows = site.db.sql(
			"SELECT age(datfrozenxid) AS age FROM pg_database WHERE datname = current_database()"
		)
		age = int(rows[0]["age"])
		yield self.measure(oldest_transaction_age=age)
		if age < self.warning_age:
			return
		yield (self.critical if age >= self.critical_age else self.warning)(
			_("PostgreSQL has used {percent} % of its transaction numbers since the last freeze."),
			cause=_(
				"At 100 % it refuses every change to prevent loss of data. Autovacuum is off, or an open transaction, a"
				" replication slot or a prepared transaction holds it up."
			),
			remedy=_(
				"End what holds it up (`SELECT * FROM pg_stat_activity;`, `pg_replication_slots`, `pg_prepared_xacts`), then"
				" run `VACUUM FREEZE;` in `{console}` outside working hours."
			),
			subjects=[("Database", _server.name(site))],
			percent=round(100 * age / LIMIT, 1),
			age=age,
			console=_server.console(site),
		)
