"""Does the database run out of connections?"""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database import _server
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_MARIADB = "SELECT @@global.max_connections AS server, @@session.max_user_connections AS own"
_MARIADB_OWN = (
	"SELECT COUNT(*) AS n FROM information_schema.processlist WHERE user = SUBSTRING_INDEX(USER(), '@', 1)"
)
_POSTGRES = """SELECT (SELECT SUM(numbackends) FROM pg_stat_database) AS used,
	current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS server,
	(SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS own,
	(SELECT COUNT(*) FROM pg_stat_activity WHERE usename = current_user) AS own_used"""


@dataclass(frozen=True)
class Connections(Check):
	"""Does the database run out of connections, for all or for this site's user?

	Cost: two statements of constant cost.
	"""

	title = _("Database connections")
	explained_by = ("database.long_queries", "database.waiting", "database.idle_transactions")

	#: Warn when this share of the connections is in use.
	warning_share: float = 0.8
	#: The next worker or web process may be turned away.
	critical_share: float = 0.95

	def run(self, site: Site) -> Answer:
		for scope, used, limit in _usage(site):
			yield self.measure(
				**{f"{scope}_connections": used, f"{scope}_connections_percent": 100 * used / limit}
			)
			if used < limit * self.warning_share:
				continue
			full = used >= limit * self.critical_share
			yield (self.critical if full else self.warning)(
				_("Database connections in use: {used} of {limit}.")
				if scope == "server"
				else _("Connections of this site's database user in use: {used} of {limit}."),
				cause=_(
					"Every web process, worker and report holds one. When none is left, pages and jobs end in"
					" 'Too many connections'. Mostly more workers were added than the database allows, or slow queries"
					" hold theirs for long."
				),
				remedy=_(
					"Look at the findings about long queries first. Else raise max_connections of the database server,"
					" or run fewer workers (gunicorn_workers, background_workers in common_site_config.json)."
				),
				subject=scope,
				subjects=[("Database", _server.name(site))],
				used=used,
				limit=limit,
			)


def _usage(site: Site) -> Iterator[tuple[str, int, int]]:
	"""Yield scope, connections in use and their limit; a scope without limit is left out."""
	if _server.only_on(site, "mariadb", "postgres") == "postgres":
		row = site.db.sql(_POSTGRES)[0]
		used, own_used = int(row["used"]), int(row["own_used"])
	else:
		row = site.db.sql(_MARIADB)[0]
		used = _server.status(site)["Threads_connected"]
		own_used = int(site.db.sql(_MARIADB_OWN)[0]["n"])
	yield "server", used, int(row["server"])
	if int(row["own"]) > 0:
		yield "user", own_used, int(row["own"])
