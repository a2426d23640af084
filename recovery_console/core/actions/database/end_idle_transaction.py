"""End connections that hold a transaction open and do nothing."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._named import only_named
from recovery_console.core.actions.database._running import Running, act_on, end, running, still_there
from recovery_console.core.checks.database import _server
from recovery_console.core.edits import Act
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

_END = ("KILL %(id)s", "SELECT pg_terminate_backend(%(id)s)")
_OPEN = "SELECT trx_mysql_thread_id AS id FROM information_schema.innodb_trx"


@dataclass(frozen=True)
class EndIdleTransaction(Action):
	"""End connections of the site's own user that hold a transaction open and do nothing.

	A connection is ended only while it still does nothing, in the same transaction. What it changed and did not
	commit is undone by the database.
	"""

	title = _("End forgotten transactions")
	risk = Risk.DISRUPTIVE
	checks = ("database.idle_transactions",)

	#: Numbers of the connections, as the finding names them; without, all idle for longer than ``longer_than``.
	connections: tuple[str, ...] = ()
	longer_than: timedelta = timedelta(minutes=5)
	most: int = 20

	def plan(self, site: Site) -> Plan:
		chosen = only_named(
			self.id, self.connections, self._idle(site), _("idle connection with an open transaction")
		)
		if not self.connections:
			chosen = [found for found in chosen if found.seconds >= self.longer_than.total_seconds()]
		return self.planned(
			site,
			_("Connections to end that hold a transaction open: {count}"),
			[
				batch(
					"Connection",
					found.id,
					act_on("connection", "Connection", found),
					why=_("idle for {0} s").format(round(found.seconds)),
				)
				for found in chosen
			],
			most=self.most,
			warnings=[
				_(
					"What was changed in it and not committed is lost: ask who left a `bench console` open first."
				)
			]
			if chosen
			else [],
		)

	@staticmethod
	def _idle(site: Site) -> dict[str, Running]:
		if _server.only_on(site, "mariadb", "postgres") == "postgres":
			return {name: found for name, found in running(site.db).items() if found.idle_in_transaction}
		if "PROCESS" not in _server.privileges(site):
			raise NotApplicable(
				_("The site's database user may not see transactions (it lacks the right PROCESS).")
			)
		within = {str(row["id"]) for row in site.db.sql(_OPEN)}
		return {
			name: found
			for name, found in running(site.db).items()
			if found.command == "Sleep" and name in within
		}

	def perform(self, site: WritableSite, act: Act) -> str:
		return end(site.writer, act, _END)

	def is_done(self, site: WritableSite, act: Act) -> bool:
		return still_there(site.writer, act) is None
