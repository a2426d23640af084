"""Do queries run for minutes?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.database import Row
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database import _server
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_MARIADB = """SELECT id AS id, time AS seconds, LEFT(info, 500) AS statement
	FROM information_schema.processlist WHERE command IN ('Query', 'Execute') AND id <> CONNECTION_ID()
	AND db = DATABASE() AND time >= %(seconds)s AND info NOT LIKE 'SELECT /*!40001 SQL_NO_CACHE%%'
	ORDER BY time DESC LIMIT 200"""
_POSTGRES = """SELECT pid AS id, EXTRACT(EPOCH FROM clock_timestamp() - query_start) AS seconds,
	LEFT(query, 500) AS statement FROM pg_stat_activity
	WHERE state = 'active' AND pid <> pg_backend_pid() AND datname = current_database()
	AND clock_timestamp() - query_start >= make_interval(secs => %(seconds)s) AND query NOT LIKE 'COPY %%'
	ORDER BY query_start LIMIT 200"""


@dataclass(frozen=True)
class LongQueries(Check):
	"""Do queries of this site run for minutes, so that pages and jobs wait for them?

	Cost: one look at the list of running statements. With a site's usual rights only its own are seen, not those of
	other sites or administrators. Backups being written are left out.
	"""

	title = _("Long-running queries")
	explained_by = ("database.missing_indexes", "database.buffer_pool", "host.load")

	#: A query that runs longer than this is reported.
	longer_than: timedelta = timedelta(seconds=300)

	def run(self, site: Site) -> Answer:
		postgres = _server.only_on(site, "mariadb", "postgres") == "postgres"
		limit = self.longer_than.total_seconds()
		rows = site.db.sql(_POSTGRES if postgres else _MARIADB, {"seconds": limit})
		yield self.measure(long_queries=len(rows), longest_seconds=float(rows[0]["seconds"]) if rows else 0)
		if not rows:
			return
		yield self.warning(
			_("Database queries that have run for more than {limit_minutes} minutes: {count}."),
			cause=_(
				"The longest has run for {longest_minutes} minutes ({what}). It holds a connection and maybe locks;"
				" mostly a report over years, a bulk change, or a table without a fitting index."
			),
			remedy=_(
				"Find out who waits for it. To end it, open `{console}` and run `{stop}`; what it changed is undone."
				" Then narrow the report's filters, or see the finding about missing indexes."
			),
			subjects=[("Query", str(row["id"])) for row in rows],
			limit_minutes=round(limit / 60, 1),
			longest_minutes=round(float(rows[0]["seconds"]) / 60, 1),
			what=_server.outline(rows[0]["statement"]),
			console=_server.console(site),
			stop=_stop(rows[0], postgres),
			statements=[_server.outline(row["statement"]) for row in rows[:5]],
		)


def _stop(row: Row, postgres: bool) -> str:
	return f"SELECT pg_cancel_backend({row['id']});" if postgres else f"KILL {row['id']};"
