"""Do transactions often deadlock?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database import _server
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_POSTGRES = """SELECT deadlocks AS n,
	EXTRACT(EPOCH FROM clock_timestamp() - COALESCE(stats_reset, pg_postmaster_start_time())) AS seconds
	FROM pg_stat_database WHERE datname = current_database()"""


@dataclass(frozen=True)
class Deadlocks(Check):
	"""Do transactions end in deadlocks more often than once an hour?

	Cost: one read of the server's counters. MariaDB counts for the whole server since its start.
	"""

	title = _("Deadlocks")

	#: On average since the counters began.
	per_hour: float = 1.0
	#: Fewer in all say nothing.
	at_least: int = 10

	def run(self, site: Site) -> Answer:
		if _server.only_on(site, "mariadb", "postgres") == "postgres":
			row = site.db.sql(_POSTGRES)[0]
			deadlocks, seconds = int(row["n"]), float(row["seconds"])
		else:
			counters = _server.status(site)
			deadlocks, seconds = counters.get("Innodb_deadlocks", 0), float(counters["Uptime"])
			yield self.measure(row_lock_waits=counters.get("Innodb_row_lock_waits", 0))
		hours = max(seconds / 3600, 1.0)
		yield self.measure(deadlocks=deadlocks, deadlocks_per_hour=round(deadlocks / hours, 2))
		if deadlocks < self.at_least or deadlocks / hours < self.per_hour:
			return
		yield self.warning(
			_("Transactions that ended in a deadlock: {deadlocks} in {hours} hours."),
			cause=_(
				"Two transactions wanted the same rows in opposite order, and the database ended one of them. The"
				" user or job got an error and must repeat it; mostly parallel jobs on the same documents."
			),
			remedy=_(
				"Search the Error Log for QueryDeadlockError: the methods named there run side by side. Let them run one"
				" after the other, or at different hours."
			),
			subjects=[("Database", _server.name(site))],
			deadlocks=deadlocks,
			hours=round(hours, 1),
		)
