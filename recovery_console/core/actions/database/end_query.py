"""End queries that run for too long."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._named import only_named
from recovery_console.core.actions.database._running import act_on, end, running, still_there
from recovery_console.core.checks.database._server import only_on
from recovery_console.core.edits import Act
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

_END = ("KILL QUERY %(id)s", "SELECT pg_cancel_backend(%(id)s)")


@dataclass(frozen=True)
class EndQuery(Action):
	"""End queries of the site's own user that run for too long; their connections stay.

	A query is ended only while the same text still runs under the same number. What it changed is undone by the
	database. Backups being written are never ended, nor what other users of the server run. What changes a table as
	a whole, as a migration does, is ended only when it is named.
	"""

	title = _("End long-running queries")
	risk = Risk.DISRUPTIVE
	checks = ("database.long_queries",)

	#: Numbers of the queries, as the finding names them; without, all that run for longer than ``longer_than``.
	queries: tuple[str, ...] = ()
	longer_than: timedelta = timedelta(minutes=5)
	most: int = 20

	def plan(self, site: Site) -> Plan:
		only_on(site, "mariadb", "postgres")
		busy = {name: found for name, found in running(site.db).items() if found.busy}
		chosen = only_named(self.id, self.queries, busy, _("running query of this site"))
		if not self.queries:
			chosen = [found for found in chosen if found.seconds >= self.longer_than.total_seconds()]
		kept = [found for found in chosen if found.changes_tables and not self.queries]
		return self.planned(
			site,
			_("Running queries to end: {count}"),
			[
				batch(
					"Query",
					found.id,
					act_on("query", "Query", found),
					why=_("{0}, for {1} s").format(found.outline, round(found.seconds)),
				)
				for found in chosen
				if found not in kept
			],
			most=self.most,
			warnings=[_("Whoever waits for one of them gets an error; what it changed is undone.")]
			if len(chosen) > len(kept)
			else [],
			left_out=[
				LeftOut(
					Subject("Query", str(found.id)),
					_("{0}: ended, it may leave a migration half-way. Name it to end it.").format(
						found.outline
					),
				)
				for found in kept
			],
		)

	def perform(self, site: WritableSite, act: Act) -> str:
		return end(site.writer, act, _END)

	def is_done(self, site: WritableSite, act: Act) -> bool:
		return still_there(site.writer, act) is None
