"""Does the cache throw away what is still needed?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.cache._server import mib
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Evictions(Check):
	"""Does the cache Redis throw away more than it should, because its memory is too small?

	Cost: one INFO.
	"""

	title = _("Evictions from the cache")

	#: Fewer in all, since the cache started, say nothing.
	at_least: int = 1000
	#: On average since then.
	per_hour: int = 500
	#: A cache that is not nearly full now has found enough room since.
	full_share: float = 0.9

	def run(self, site: Site) -> Answer:
		info = site.cache.info()
		evicted = int(info.get("evicted_keys", 0))
		hours = max(float(info.get("uptime_in_seconds", 0)) / 3600, 1.0)
		yield self.measure(evicted=evicted, evicted_per_hour=round(evicted / hours, 1))
		used, limit = int(info.get("used_memory", 0)), int(info.get("maxmemory") or 0)
		full = limit and used >= limit * self.full_share
		if not full or evicted < self.at_least or evicted / hours < self.per_hour:
			return
		yield self.warning(
			_("The cache Redis threw away {evicted} entries in {hours} hours for lack of memory."),
			cause=_(
				"Its {limit_mib} MiB are full. What was thrown away must be computed or read from the database again:"
				" pages get slower the fuller it is."
			),
			remedy=_(
				"Raise `maxmemory` in config/redis_cache.conf, such as to twice as much, and restart that Redis."
			),
			subjects=[("Redis", "cache")],
			evicted=evicted,
			hours=round(hours, 1),
			limit_mib=mib(limit),
			used_mib=mib(used),
		)
