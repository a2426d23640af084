"""Does the cache Redis answer?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Reachable(Check):
	"""Does the cache Redis answer, and does it accept what Frappe wants to keep in it?

	Cost: one INFO.
	"""

	title = _("Cache reachable")
	explained_by = ("config.readable", "host.memory")

	def run(self, site: Site) -> Answer:
		try:
			info = site.cache.info()
		except SourceUnavailable as error:
			yield self.critical(
				"{reason}",
				cause=_(
					"Frappe hides this: pages are slow, sessions and login locks vanish, a migrate fails."
				),
				remedy="{advice}",
				subjects=[("Redis", "cache")],
				reason=error.reason,
				advice=error.remedy,
				kind=error.kind,
			)
			return
		yield self.measure(used_memory_mib=round(info.get("used_memory", 0) / 1024**2, 1))
		limit = int(info.get("maxmemory") or 0)
		if limit and info.get("maxmemory_policy") == "noeviction" and info.get("used_memory", 0) >= limit:
			yield self.critical(
				_("The cache Redis is full and may not make room."),
				cause=_("maxmemory is reached and its policy is noeviction: every write fails."),
				remedy=_(
					"Set maxmemory-policy allkeys-lru for the cache in config/redis_cache.conf, and restart it."
				),
				subject="full",
				subjects=[("Redis", "cache")],
				limit_mib=round(limit / 1024**2, 1),
			)
