"""Is the cache's memory set up so that it can do its work?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.cache._server import mib
from recovery_console.core.checks.jobs._redis import read_server
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Memory(Check):
	"""May the cache Redis make room when its memory is full, and does it have a limit before the machine's?

	Cost: one INFO. The hit rate is measured only: after each restart or `bench clear-cache` it is low.
	"""

	title = _("Memory of the cache")
	explained_by = ("cache.reachable",)

	#: A cache without a limit is reported when it takes this share of the machine's memory.
	machine_share: float = 0.25

	def run(self, site: Site) -> Answer:
		server = read_server(site.cache)
		looked_up = int(server.info.get("keyspace_hits", 0)) + int(server.info.get("keyspace_misses", 0))
		if looked_up:
			yield self.measure(hit_rate_percent=round(100 * int(server.info["keyspace_hits"]) / looked_up, 1))
		yield self.measure(used_mib=mib(server.used_bytes), limit_mib=mib(server.limit_bytes))
		machine = int(server.info.get("total_system_memory") or 0)
		if server.limit_bytes and not server.evicts and server.used_bytes < server.limit_bytes:
			yield self.warning(
				_("The cache Redis will refuse writes when its {limit_mib} MiB are full (policy {policy})."),
				cause=_(
					"A cache must forget what is old; with this policy it answers OOM instead, and pages fail."
				),
				remedy=_(
					"Set `maxmemory-policy allkeys-lru` in config/redis_cache.conf and restart that Redis."
				),
				subject="policy",
				subjects=[("Redis", "cache")],
				limit_mib=mib(server.limit_bytes),
				used_mib=mib(server.used_bytes),
				policy=server.policy,
			)
		elif not server.limit_bytes and machine and server.used_bytes >= machine * self.machine_share:
			yield self.warning(
				_("The cache Redis has grown to {used_mib} MiB and has no limit."),
				cause=_(
					"It keeps growing until the machine runs out of memory, and then the system ends some process:"
					" mostly Redis or the database."
				),
				remedy=_(
					"Set `maxmemory` (some hundred MiB are enough for most sites) and `maxmemory-policy allkeys-lru` in"
					" config/redis_cache.conf, and restart that Redis."
				),
				subject="limit",
				subjects=[("Redis", "cache")],
				used_mib=mib(server.used_bytes),
				machine_mib=mib(machine),
			)
