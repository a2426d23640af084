"""Take SQLite's write-ahead log into the database."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.database._statements import patient
from recovery_console.core.checks.database import _server
from recovery_console.core.edits import Act
from recovery_console.core.errors import ConsoleError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite


@dataclass(frozen=True)
class Checkpoint(Action):
	"""Take SQLite's write-ahead log into the database file and start the log over."""

	title = _("Take in the write-ahead log")
	risk = Risk.DISRUPTIVE
	checks = ("database.write_ahead_log",)

	def plan(self, site: Site) -> Plan:
		_server.only_on(site, "sqlite")
		name = _server.name(site)
		size = _log_bytes(site)
		act = Act(_("log"), "Database", name, {})
		return self.planned(
			site,
			_("Take {mib} MiB of changes into the database file"),
			[batch("Database", name, act)] if size else [],
			mib=_server.mib(size),
		)

	def perform(self, site: WritableSite, act: Act) -> str:  # noqa: ARG002
		with patient(site) as database:
			row = database.sql("PRAGMA wal_checkpoint(TRUNCATE)")[0]
		if int(row["busy"]):
			raise ConsoleError(
				_("A process reads on in an old state of the database, so the log cannot be started over."),
				remedy=_("Restart the bench's processes (`bench restart`), and try again."),
			)
		return _("The log is empty.")

	def is_done(self, site: WritableSite, act: Act) -> bool:  # noqa: ARG002
		return not _log_bytes(site)


def _log_bytes(site: Site) -> int:
	file = site.files.stat(site.path / "db" / f"{_server.name(site)}.db-wal")
	return file.size_bytes if file is not None else 0
