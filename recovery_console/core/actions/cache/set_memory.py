"""Give a Redis server more memory."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.cache._settings import is_set, set_now, setting_changed, source_of
from recovery_console.core.checks.cache._server import MIB, mib
from recovery_console.core.edits import Act
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

_LEAST_MIB = 64
#: A Redis that takes more of the machine than this leaves too little to the others.
_MACHINE_SHARE = 0.5


@dataclass(frozen=True)
class SetMemory(Action):
	"""Set maxmemory of the cache or queue Redis.

	At once, and in the bench's own file of that server where it has one, so that a restart keeps it.
	"""

	title = _("Set the memory of a Redis server")
	risk = Risk.DISRUPTIVE
	checks = ("cache.memory", "cache.evictions", "jobs.redis_writable")

	#: cache or queue.
	server: str
	#: The new limit in MiB; 0 takes twice what it uses or may use now, whichever is more.
	mib: int = 0

	def plan(self, site: Site) -> Plan:
		info = source_of(site, self.server).info()
		used, limit = int(info.get("used_memory") or 0), int(info.get("maxmemory") or 0)
		machine = int(info.get("total_system_memory") or 0)
		wanted = self.mib or max(_LEAST_MIB, -(-2 * max(used, limit) // MIB))
		most = int(machine * _MACHINE_SHARE / MIB) if machine else wanted
		if not used * 1.1 / MIB < wanted <= most:
			raise UsageError(
				f"{wanted} MiB is no limit for the {self.server} Redis.",
				remedy=f"It uses {mib(used)} MiB; give more than that, and at most {most} (half of the machine).",
			)
		return self.planned(
			site,
			_("Let the {server} Redis use {wanted} MiB"),
			[setting_changed(site, self.server, "maxmemory", str(wanted * MIB))],
			warnings=[
				_("See that the machine has so much memory to spare, or the system ends some process.")
			],
			server=self.server,
			wanted=wanted,
			used_mib=mib(used),
			limit_mib=mib(limit),
		)

	def perform(self, site: WritableSite, act: Act) -> str:
		return set_now(site, act)

	def is_done(self, site: WritableSite, act: Act) -> bool:
		return is_set(site, act)
