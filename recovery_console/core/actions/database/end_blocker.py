"""End the connections that others wait for."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.database._running import act_on, end, running, still_there
from recovery_console.core.checks.database import _server
from recovery_console.core.checks.host._processes import migrations
from recovery_console.core.edits import Act
from recovery_console.core.errors import NotApplicable, SourceUnavailable
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

_END = ("KILL %(id)s", "SELECT pg_terminate_backend(%(id)s)")
_POSTGRES = """SELECT DISTINCT holder AS id FROM pg_stat_activity a, unnest(pg_blocking_pids(a.pid)) holder
	WHERE a.datname = current_database() AND a.wait_event_type = 'Lock'
	AND clock_timestamp() - a.query_start >= make_interval(secs => %(seconds)s)
	AND cardinality(pg_blocking_pids(holder)) = 0"""
_MARIADB = """SELECT DISTINCT h.trx_mysql_thread_id AS id FROM information_schema.innodb_lock_waits w
	JOIN information_schema.innodb_trx h ON h.trx_id = w.blocking_trx_id
	JOIN information_schema.innodb_trx r ON r.trx_id = w.requesting_trx_id
	WHERE h.trx_state <> 'LOCK WAIT'
	AND TIMESTAMPDIFF(SECOND, r.trx_wait_started, NOW()) >= %(seconds)s"""


@dataclass(frozen=True)
class EndBlocker(Action):
	"""End the connections of the site's own user that hold the locks for which others wait.

	Only those at the beginning of a chain of waiters are ended. MariaDB tells who they are only to a user with the
	right PROCESS.
	"""

	title = _("End what holds a lock")
	risk = Risk.DISRUPTIVE
	checks = ("database.waiting",)

	#: Others must have waited for so long.
	longer_than: timedelta = timedelta(seconds=10)
	most: int = 5

	def plan(self, site: Site) -> Plan:
		postgres = _server.only_on(site, "mariadb", "postgres") == "postgres"
		if not postgres and "PROCESS" not in _server.privileges(site):
			raise NotApplicable(
				_("The site's database user may not see who holds a lock (it lacks the right PROCESS).")
			)
		rows = site.db.sql(_POSTGRES if postgres else _MARIADB, {"seconds": self.longer_than.total_seconds()})
		holders = [str(row["id"]) for row in rows]
		own = running(site.db)
		return self.planned(
			site,
			_("Connections to end for which others wait: {count}"),
			[
				batch(
					"Connection",
					name,
					act_on("connection", "Connection", own[name]),
					why=_("its last statement: {0}").format(own[name].outline),
				)
				for name in holders
				if name in own
			],
			most=self.most,
			warnings=_warnings(site) if holders else [],
			left_out=[
				LeftOut(Subject("Connection", name), _("It belongs to another user of the database server."))
				for name in holders
				if name not in own
			],
		)

	def perform(self, site: WritableSite, act: Act) -> str:
		return end(site.writer, act, _END)

	def is_done(self, site: WritableSite, act: Act) -> bool:
		return still_there(site.writer, act) is None


def _warnings(site: Site) -> list[str]:
	found = [
		_("What these connections changed and did not commit is undone; a job or page that uses one fails.")
	]
	try:
		migrating = migrations(site)
	except SourceUnavailable as error:
		return [*found, _("Whether the site is being migrated could not be seen: {0}").format(error.reason)]
	return found + [
		_(
			"The site is being migrated (process {0}). If one of these connections is its own, it stops halfway: better"
			" let it end, or stop it with Ctrl+C and run it again afterwards."
		).format(process.pid)
		for process in migrating[:1]
	]
