"""Do forgotten transactions stay open?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database import _server
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_POSTGRES = """SELECT pid AS id, EXTRACT(EPOCH FROM clock_timestamp() - state_change) AS seconds
	FROM pg_stat_activity WHERE state LIKE 'idle in transaction%%' AND datname = current_database()
	AND clock_timestamp() - state_change >= make_interval(secs => %(seconds)s) ORDER BY state_change LIMIT 200"""
_MARIADB = """SELECT trx_mysql_thread_id AS id, p.time AS seconds FROM information_schema.innodb_trx t
	JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
	WHERE p.command = 'Sleep' AND p.db = DATABASE() AND p.time >= %(seconds)s ORDER BY p.time DESC LIMIT 200"""


@dataclass(frozen=True)
class IdleTransactions(Check):
	"""Do connections hold a transaction open while they do nothing?

	Cost: one look at the list of connections. MariaDB shows transactions only to users with the right PROCESS, which
	a site's user does not have by default: then the question is skipped.
	"""

	title = _("Forgotten transactions")

	#: Nothing in Frappe pauses for so long within a transaction, other than someone in `bench console`.
	longer_than: timedelta = timedelta(minutes=5)

	def run(self, site: Site) -> Answer:
		postgres = _server.only_on(site, "mariadb", "postgres") == "postgres"
		if not postgres and "PROCESS" not in _server.privileges(site):
			raise NotApplicable(
				_("The site's database user may not see transactions (it lacks the right PROCESS).")
			)
		limit = self.longer_than.total_seconds()
		rows = site.db.sql(_POSTGRES if postgres else _MARIADB, {"seconds": limit})
		yield self.measure(idle_transactions=len(rows))
		if not rows:
			return
		yield self.warning(
			_("Connections that hold a transaction open and do nothing: {count}."),
			cause=_(
				"The oldest has done nothing for {oldest_minutes} minutes. It keeps its locks, and the database cannot"
				" clean up what was changed since. Mostly a `bench console` that someone left open, or a hung worker."
			),
			remedy=_("Close the forgotten console. If nobody knows it, end it in `{console}`: `{stop}`"),
			subjects=[("Connection", str(row["id"])) for row in rows],
			oldest_minutes=round(float(rows[0]["seconds"]) / 60, 1),
			console=_server.console(site),
			stop=f"SELECT pg_terminate_backend({rows[0]['id']});" if postgres else f"KILL {rows[0]['id']};",
		)
