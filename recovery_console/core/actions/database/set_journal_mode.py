"""Let SQLite read while it writes."""

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

_MODE = "PRAGMA journal_mode"


@dataclass(frozen=True)
class SetJournalMode(Action):
	"""Set SQLite's journal to the mode wal, in which pages can be read while a job writes."""

	title = _("Let SQLite read while it writes")
	risk = Risk.DISRUPTIVE
	checks = ("database.journal_mode",)

	def plan(self, site: Site) -> Plan:
		_server.only_on(site, "sqlite")
		name = _server.name(site)
		mode = str(site.db.sql(_MODE)[0]["journal_mode"])
		act = Act(_("journal"), "Database", name, {"from": mode})
		return self.planned(
			site,
			_("Set SQLite's journal from {mode} to wal"),
			[batch("Database", name, act)] if mode != "wal" else [],
			warnings=[_("On a network drive wal does not work: the site's folder must be on a local disk.")]
			if mode != "wal"
			else [],
			mode=mode,
		)

	def perform(self, site: WritableSite, act: Act) -> str:  # noqa: ARG002
		with patient(site) as database:
			mode = str(database.sql("PRAGMA journal_mode = WAL")[0]["journal_mode"])
		if mode != "wal":
			raise ConsoleError(
				_("SQLite stays in mode {0}.").format(mode),
				remedy=_("Stop the bench, see that the site's folder is on a local disk, and try again."),
			)
		return _("In wal now.")

	def is_done(self, site: WritableSite, act: Act) -> bool:  # noqa: ARG002
		return str(site.writer.sql(_MODE)[0]["journal_mode"]) == "wal"
