"""Does the queue Redis take new jobs, and keep them?"""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.jobs._redis import Server, mib, read_server
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class RedisWritable(Check):
	"""Does the Redis of the background jobs take new jobs, and keep those that it has?

	Cost: one INFO, and two CONFIG GET where they are allowed.
	"""

	title = _("Queue Redis takes jobs")
	explained_by = ("jobs.redis", "host.disk", "host.memory")

	#: Warn when this share of maxmemory is in use.
	full_share: float = 0.9

	def run(self, site: Site) -> Answer:
		server, address = read_server(site.queue.redis), site.queue.redis.address
		yield from self._refusals(server, address)
		if server.limit_bytes:
			yield from self._memory(server, address)

	def _refusals(self, server: Server, address: str) -> Iterator[Finding]:
		if server.is_replica:
			yield self.critical(
				_("The queue Redis at {address} is a read-only copy of {master}."),
				cause=_(
					"It follows another Redis and refuses all writes: no job goes in, no worker takes one out."
				),
				remedy=_(
					"Let redis_queue in common_site_config.json name the main server, or, if that one is gone for"
					" good, make this one the main server: `redis-cli -u redis://{address} replicaof no one`."
				),
				subject="replica",
				subjects=[("Redis", "queue")],
				address=address,
				master=server.master,
			)
		if server.save_failed and server.refuses_after_failed_save:
			yield self.critical(
				_("The queue Redis at {address} refuses all writes because it could not save its data."),
				cause=_(
					"Its last save to disk failed ({what}), mostly because the disk is full, the folder is not its"
					" own, or the saving process was killed for lack of memory. Redis then answers MISCONF."
				),
				remedy=_(
					"Make room or mend the rights of its folder, as its log says; then try a save with"
					" `redis-cli -u redis://{address} bgsave`. Writes are taken again once a save succeeds."
				),
				subject="save",
				subjects=[("Redis", "queue")],
				address=address,
				what=server.save_failed,
				unsaved_changes=server.unsaved_changes,
			)

	def _memory(self, server: Server, address: str) -> Iterator[Finding]:
		used, limit = server.used_bytes, server.limit_bytes
		evidence = {
			"address": address,
			"used_mib": mib(used),
			"limit_mib": mib(limit),
			"policy": server.policy,
		}
		if server.evicts:
			yield self.warning(
				_("The queue Redis may throw jobs away when its memory is full (policy {policy})."),
				cause=_("Evicted so far: {evicted}. A cache may forget; a queue must not."),
				remedy=_(
					"Set `maxmemory-policy noeviction` in config/redis_queue.conf and restart that Redis;"
					" use another Redis for the cache."
				),
				subject="eviction",
				subjects=[("Redis", "queue")],
				evicted=server.evicted,
				**evidence,
			)
		elif used >= limit * self.full_share:
			yield (self.critical if used >= limit else self.warning)(
				_("The queue Redis is out of memory: it refuses new jobs.")
				if used >= limit
				else _("The queue Redis uses {used_mib} of its {limit_mib} MiB."),
				cause=_("When maxmemory is reached, Redis answers OOM to every new job."),
				remedy=_(
					"Look at the findings about waiting and failed jobs: they are what fills it. Or raise maxmemory in"
					" config/redis_queue.conf and restart that Redis."
				),
				subject="memory",
				subjects=[("Redis", "queue")],
				**evidence,
			)
