"""Can SQLite read while it writes?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database import _server
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class JournalMode(Check):
	"""Is SQLite's database in the mode in which pages can be read while a job writes?

	Cost: one PRAGMA.
	"""

	title = _("Journal mode")

	def run(self, site: Site) -> Answer:
		_server.only_on(site, "sqlite")
		mode = str(site.db.sql("PRAGMA journal_mode")[0]["journal_mode"])
		if mode == "wal":
			return
		yield self.warning(
			_("SQLite keeps its journal in mode {mode} instead of wal."),
			cause=_(
				"Each writer now locks out all readers: pages and jobs end in 'database is locked'. The file came from a"
				" copy or another tool, or lies on a network drive, where wal cannot work."
			),
			remedy=_(
				"Stop the bench, see that the site's folder is on a local disk, then run `PRAGMA journal_mode = WAL;` in"
				" `{console}`."
			),
			subjects=[("Database", _server.name(site))],
			mode=mode,
			console=_server.console(site),
		)
