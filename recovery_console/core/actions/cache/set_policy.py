"""Let the cache forget and the queue keep."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.cache._settings import is_set, set_now, setting_changed, source_of
from recovery_console.core.edits import Act
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

_RIGHT = {"cache": "allkeys-lru", "queue": "noeviction"}


@dataclass(frozen=True)
class SetPolicy(Action):
	"""Set maxmemory-policy: allkeys-lru for the cache, noeviction for the queue.

	At once, and in the bench's own file of that server where it has one, so that a restart keeps it.
	"""

	title = _("Set what Redis does when it is full")
	risk = Risk.DISRUPTIVE
	checks = ("cache.memory", "cache.reachable", "jobs.redis_writable")

	#: cache or queue.
	server: str

	def plan(self, site: Site) -> Plan:
		source = source_of(site, self.server)
		if site.cache.address == site.queue.redis.address:
			raise UsageError(
				"Cache and queue are the same Redis, so no policy is right for both.",
				remedy="Give each its own server: see the finding config.addresses.",
			)
		info = source.info()
		wanted = _RIGHT[self.server]
		now = str(info.get("maxmemory_policy", ""))
		return self.planned(
			site,
			_("Set maxmemory-policy of the {server} Redis to {policy}"),
			[setting_changed(site, self.server, "maxmemory-policy", wanted)] if now != wanted else [],
			warnings=[_("It holds for every bench and site that uses this Redis.")],
			server=self.server,
			policy=wanted,
			before=now,
		)

	def perform(self, site: WritableSite, act: Act) -> str:
		return set_now(site, act)

	def is_done(self, site: WritableSite, act: Act) -> bool:
		return is_set(site, act)
