"""Does SQLite's write-ahead log grow without end?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database import _server
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class WriteAheadLog(Check):
	"""Does SQLite's write-ahead log grow, because it can never be taken into the database?

	Cost: the size of one file.
	"""

	title = _("Write-ahead log")
	explained_by = ("database.read_only",)

	#: SQLite starts over after some MiB; more means that someone reads without end.
	at_most_mib: int = 256

	def run(self, site: Site) -> Answer:
		_server.only_on(site, "sqlite")
		file = site.files.stat(site.path / "db" / f"{_server.name(site)}.db-wal")
		size = _server.mib(file.size_bytes) if file is not None else 0.0
		yield self.measure(write_ahead_log_mib=size)
		if size < self.at_most_mib:
			return
		yield self.warning(
			_("SQLite's write-ahead log has grown to {size_mib} MiB."),
			cause=_(
				"A process keeps a reading transaction open, so that SQLite can never take the log into the database;"
				" searches get slower, and a copy of the .db file alone lacks the latest changes."
			),
			remedy=_(
				"Restart the bench's processes (`bench restart`); the log shrinks with the next write. Until then copy the"
				" files .db, .db-wal and .db-shm together, never the first alone."
			),
			subjects=[("File", f"{_server.name(site)}.db-wal")],
			size_mib=size,
		)
