"""Let a Redis server save its data, so that it takes writes again."""

from __future__ import annotations

import time
from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.cache._settings import source_of
from recovery_console.core.checks.jobs._redis import mib, read_server
from recovery_console.core.edits import Act
from recovery_console.core.errors import ConsoleError, UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite


@dataclass(frozen=True)
class SaveAgain(Action):
	"""Tell a Redis server that refuses writes after a failed save to save its data once more.

	When that succeeds it takes writes again. It fails again as long as the disk is full, its folder is not its own,
	or the machine has no memory for the process that saves.
	"""

	title = _("Let Redis save its data")
	risk = Risk.DISRUPTIVE
	checks = ("jobs.redis_writable", "cache.writable")

	#: cache or queue.
	server: str
	#: So long a save may take.
	patience: timedelta = timedelta(seconds=60)

	def plan(self, site: Site) -> Plan:
		found = read_server(source_of(site, self.server))
		if found.save_failed == "append-only file":
			raise UsageError(
				f"The {self.server} Redis cannot write its append-only file; saving a snapshot does not help.",
				remedy="Make room on its disk: it goes on by itself.",
			)
		act = Act(_("save"), "Redis", self.server, {"server": self.server})
		return self.planned(
			site,
			_("Let the {server} Redis save its data"),
			[batch("Redis", self.server, act)] if found.save_failed else [],
			server=self.server,
			unsaved_changes=found.unsaved_changes,
			used_mib=mib(found.used_bytes),
		)

	def perform(self, site: WritableSite, act: Act) -> str:
		source = source_of(site, str(act.arguments["server"]))
		with source.client() as client:
			if not client.info("persistence").get("rdb_bgsave_in_progress"):
				client.bgsave()
		until = time.monotonic() + self.patience.total_seconds()
		while time.monotonic() < until:
			with source.client() as client:
				state = client.info("persistence")
			if not state.get("rdb_bgsave_in_progress"):
				break
			time.sleep(0.1)
		if not self.is_done(site, act):
			raise ConsoleError(
				f"The {act.name} Redis could not save its data.",
				remedy="Its log says why: no room on the disk, no rights on its folder, or no memory.",
			)
		return _("saved")

	def is_done(self, site: WritableSite, act: Act) -> bool:
		return not read_server(source_of(site, str(act.arguments["server"]))).save_failed
