"""Is the copy that the site reads from up to date?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database import _replica, _server
from recovery_console.core.errors import NotApplicable, SourceUnavailable
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Replica(Check):
	"""Does the copy of the database that the site reads from (read_from_replica) answer, and is it up to date?

	Cost: one connection to the copy, its state, and the times of the scheduled jobs on both servers. Where the site
	reads from no copy, the state of its own server, if that is one and the site's user may ask.
	"""

	title = _("Copy of the database (replica)")
	explained_by = ("database.reachable",)
	needs = ("Scheduled Job Type",)
	budget = timedelta(seconds=6)

	warning_behind: timedelta = timedelta(minutes=1)
	critical_behind: timedelta = timedelta(minutes=10)

	def run(self, site: Site) -> Answer:
		_server.only_on(site, "mariadb", "postgres")
		if not _replica.is_used(site):
			yield from self._own_server(site)
			return
		if not _replica.address(site):
			yield self._nowhere(site)
			return
		main = _replica.runs(site, site.db)
		try:
			with _replica.opened(site) as database:
				state = _replica.copying(database)
				missing = _replica.first_missing(main, _replica.runs(site, database))
		except SourceUnavailable as error:
			yield self._away(site, error)
			return
		behind = max(state.behind or timedelta(0), timedelta(0) if missing is None else site.now() - missing)
		yield from self._judged(site, state, behind, _replica.address(site))

	def _own_server(self, site: Site) -> Answer:
		may_ask = site.db.dialect == "postgres" or _replica.RIGHTS & _server.privileges(site)
		state = _replica.copying(site.db) if may_ask else None
		if state is None or not state.follows:
			raise NotApplicable(
				_(
					"The site reads from no copy: read_from_replica is not set. Its own server follows no other."
				)
				if may_ask
				else _(
					"The site reads from no copy: read_from_replica is not set. Whether its own server is one, its user may"
					" not ask."
				)
			)
		yield from self._judged(site, state, state.behind or timedelta(0), _server.name(site))

	def _judged(self, site: Site, state: _replica.Copying, behind: timedelta, name: str) -> Answer:
		seconds = round(behind.total_seconds())
		yield self.measure(behind_seconds=seconds)
		if state.stopped:
			yield self.critical(
				_("The copy of the database at {address} no longer follows the main server."),
				cause=_(
					"{reason} Reports and lists that read from it show old data, older with every minute."
				),
				remedy=self._restart(site),
				subjects=[("Database", name)],
				address=name,
				reason=state.stopped,
				behind_seconds=seconds,
				error_number=state.error,
			)
		elif behind >= self.warning_behind:
			yield (self.critical if behind >= self.critical_behind else self.warning)(
				_("The copy of the database at {address} is {minutes} minutes behind."),
				cause=_(
					"It takes in changes more slowly than the main server makes them, or later on purpose. Who saves a document"
					" and opens a report does not find it there."
				),
				remedy=_(
					"Look at the load and the disk of the copy's server. Until it has caught up, set read_from_replica to 0:"
					" `bench --site {site} set-config read_from_replica 0`"
				),
				subjects=[("Database", name)],
				address=name,
				minutes=round(behind.total_seconds() / 60, 1),
				site=site.name,
			)

	@staticmethod
	def _restart(site: Site) -> str:
		away = _(
			" Until then read from the main server: `bench --site {site} set-config read_from_replica 0`"
		).format(site=site.name)
		if site.db.dialect == "postgres":
			return (
				_(
					"On the copy's server, as its administrator: `SELECT pg_wal_replay_resume();` if it was paused; else see its log."
				)
				+ away
			)
		return (
			_(
				"On the copy's server, as its administrator: `SHOW SLAVE STATUS` says why it stopped; mend that, then `START SLAVE;`."
			)
			+ away
		)

	def _away(self, site: Site, error: SourceUnavailable) -> Finding:
		return self.critical(
			_("The copy of the database at {address}, from which the site reads, cannot be read."),
			cause=_("{reason} Reports and other pages that only read fail."),
			remedy=_(
				"Start it, or mend replica_host and its user in the configuration. Until then:"
				" `bench --site {site} set-config read_from_replica 0`"
			),
			subjects=[("Database", _replica.address(site))],
			address=_replica.address(site),
			reason=error.reason,
			kind=error.kind,
			site=site.name,
		)

	def _nowhere(self, site: Site) -> Finding:
		return self.info(
			_("The site is to read from a copy of the database, but replica_host is not set."),
			cause=_("Frappe then opens a second connection to the main server for what only reads."),
			remedy=_("Set replica_host, or `bench --site {site} set-config read_from_replica 0`"),
			subjects=[("Database", _server.name(site))],
			site=site.name,
		)
