"""Set the address of a Redis server of the bench."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.config._files import both, set_key
from recovery_console.core.actions.config.rebuild_common import port_of
from recovery_console.core.backends.redis import RedisSource
from recovery_console.core.checks.config.addresses import well_formed
from recovery_console.core.edits import ConfigEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_SERVERS = ("cache", "queue")


@dataclass(frozen=True)
class SetRedisAddress(Action):
	"""Let redis_cache or redis_queue name a Redis server that answers.

	Without ``address`` it is the port that config/redis_cache.conf or config/redis_queue.conf sets. Jobs that wait in
	the Redis that was named before stay there.
	"""

	title = _("Set the address of a Redis server")
	risk = Risk.DISRUPTIVE
	checks = ("config.addresses", "cache.reachable", "jobs.redis")

	server: str
	address: str = ""

	def plan(self, site: Site) -> Plan:
		if self.server not in _SERVERS:
			raise UsageError(f"There is no Redis {self.server[:50]!r}.", remedy="It is cache or queue.")
		port = port_of(site, self.server)
		wanted = self.address.strip() or (f"redis://127.0.0.1:{port}" if port else "")
		if not well_formed(wanted) or "@" in wanted:
			raise UsageError(
				f"That is no address for the {self.server} Redis, or config/redis_{self.server}.conf sets no port.",
				remedy="Give one such as redis://127.0.0.1:13000, without a password.",
			)
		source = RedisSource(self.server, wanted)
		try:
			source.info()
		finally:
			source.close()
		key = f"redis_{self.server}"
		return self.planned(
			site,
			_("Let {key} name {address}"),
			[batch("Setting", key, *self._edits(site, key, wanted))]
			if site.config.get(key) != wanted
			else [],
			warnings=[_("Restart the bench afterwards: its processes use the old address until then.")],
			key=key,
			address=source.address,
		)

	@staticmethod
	def _edits(site: Site, key: str, wanted: str) -> list[ConfigEdit]:
		setting = [which for which, file in both(site) if key in file.values]
		return [set_key(site, which, key, wanted) for which in setting or ["common"]]
