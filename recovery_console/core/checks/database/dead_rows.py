"""Does PostgreSQL clean up behind its changes?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database import _server
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_STATEMENT = """SELECT relname AS name, n_dead_tup AS dead, n_live_tup AS live FROM pg_stat_user_tables
	WHERE n_dead_tup >= %(rows)s AND n_dead_tup >= n_live_tup * %(share)s ORDER BY n_dead_tup DESC LIMIT 1000"""


@dataclass(frozen=True)
class DeadRows(Check):
	"""Do tables hold many dead rows that no vacuum has removed?

	Cost: one read of PostgreSQL's own statistics.
	"""

	title = _("Dead rows")
	explained_by = ("database.idle_transactions", "database.long_queries")

	#: Reported with at least so many dead rows …
	at_least: int = 100_000
	#: … that are at least this share of the living ones.
	share: float = 0.4

	def run(self, site: Site) -> Answer:
		_server.only_on(site, "postgres")
		rows = site.db.sql(_STATEMENT, {"rows": self.at_least, "share": self.share})
		yield self.measure(tables_with_dead_rows=len(rows))
		if not rows:
			return
		yield self.warning(
			_("Tables with many dead rows: {count}."),
			cause=_(
				"{first} holds {dead} dead rows beside {live} living ones, which every search reads, too. Autovacuum is off,"
				" does not keep up, or an open transaction forbids it to clean up."
			),
			remedy=_(
				'In `{console}`: `VACUUM (ANALYZE) "{first}";` and so on for the others, and see that autovacuum is on.'
			),
			subjects=[("Table", row["name"]) for row in rows],
			first=rows[0]["name"],
			dead=rows[0]["dead"],
			live=rows[0]["live"],
			console=_server.console(site),
		)
