"""Does the cache Redis take what Frappe wants to keep?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.jobs._redis import read_server
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Writable(Check):
	"""Does the cache Redis take writes, or does it refuse them after a failed save or as a copy?

	Cost: one INFO, and two CONFIG GET where they are allowed; nothing is written.
	"""

	title = _("Cache takes writes")
	explained_by = ("host.disk", "host.memory")

	def run(self, site: Site) -> Answer:
		server = read_server(site.cache)
		address = site.cache.address
		if server.save_failed and server.refuses_after_failed_save:
			yield self.critical(
				_("The cache Redis at {address} refuses all writes because it could not save its data."),
				cause=_(
					"Its last save to disk failed ({what}): the disk is full, the folder is not its own, or the saving"
					" process was killed for lack of memory. Redis then answers MISCONF, and pages and log-ins end in errors."
				),
				remedy=_(
					"Make room or mend the rights of its folder, as its log says, then run"
					' `redis-cli -u redis://{address} bgsave`. A cache need not be saved at all: `save ""` in'
					" config/redis_cache.conf turns it off."
				),
				subject="save",
				subjects=[("Redis", "cache")],
				address=address,
				what=server.save_failed,
			)
		if server.is_replica:
			yield self.critical(
				_("The cache Redis at {address} is a read-only copy of {master}."),
				cause=_(
					"It follows another Redis, so it refuses every write: sessions and caches cannot be kept."
				),
				remedy=_(
					"Let redis_cache in common_site_config.json name the main server, or make this one the main server:"
					" `redis-cli -u redis://{address} replicaof no one`."
				),
				subject="replica",
				subjects=[("Redis", "cache")],
				address=address,
				master=server.master,
			)
