"""Do statements wait for locks?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database import _server
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_MARIADB = """SELECT id AS id, time AS seconds, LEFT(info, 500) AS statement, state AS state, '' AS blockers
	FROM information_schema.processlist WHERE command IN ('Query', 'Execute') AND id <> CONNECTION_ID()
	AND db = DATABASE() AND time >= %(seconds)s AND state <> 'User lock' ORDER BY time DESC LIMIT 200"""
_POSTGRES = """SELECT pid AS id, EXTRACT(EPOCH FROM clock_timestamp() - query_start) AS seconds,
	LEFT(query, 500) AS statement, wait_event AS state, pg_blocking_pids(pid)::text AS blockers
	FROM pg_stat_activity WHERE state = 'active' AND wait_event_type = 'Lock' AND datname = current_database()
	AND clock_timestamp() - query_start >= make_interval(secs => %(seconds)s) ORDER BY query_start LIMIT 200"""
_STATUS = "SHOW GLOBAL STATUS WHERE Variable_name = 'Innodb_row_lock_current_waits'"


@dataclass(frozen=True)
class Waiting(Check):
	"""Do statements of this site wait for a lock that another connection holds?

	Cost: one look at the list of running statements. On MariaDB the site may see its own statements and how many
	wait for rows on the whole server, not who holds the lock.
	"""

	title = _("Waiting for locks")
	explained_by = ("database.long_queries", "database.idle_transactions")

	#: Shorter waits are everyday life.
	longer_than: timedelta = timedelta(seconds=10)

	def run(self, site: Site) -> Answer:
		seconds = {"seconds": self.longer_than.total_seconds()}
		if _server.only_on(site, "mariadb", "postgres") == "postgres":
			rows = site.db.sql(_POSTGRES, seconds)
		else:
			in_rows = int(site.db.sql(_STATUS)[0]["Value"])
			found = site.db.sql(_MARIADB, seconds)
			for_table = [row for row in found if str(row["state"]).startswith("Waiting for")]
			rows = for_table + [row for row in found if row not in for_table][:in_rows]
		yield self.measure(waiting=len(rows))
		if not rows:
			return
		yield self.warning(
			_("Statements that wait for a lock: {count}; the longest for {longest_seconds} s."),
			cause=_(
				"Another connection changed the same rows or table and has not finished: an open transaction, a long"
				" import, or a migrate or backup that locks a table. What waits: {what} ({state})."
			),
			remedy=_(
				"See in `{console}` what else runs (`{look}`). Let it finish; end it only when nobody needs it. During"
				" a `bench migrate`, put the site in maintenance mode first."
			),
			subjects=[("Query", str(row["id"])) for row in rows],
			longest_seconds=round(float(rows[0]["seconds"])),
			what=_server.outline(rows[0]["statement"]),
			state=str(rows[0]["state"]),
			blockers=str(rows[0]["blockers"]),
			console=_server.console(site),
			look="SELECT * FROM pg_stat_activity;"
			if site.db.dialect == "postgres"
			else "SHOW FULL PROCESSLIST;",
		)
