"""Does the queue Redis answer, and does it take new jobs?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from redis.exceptions import BusyLoadingError

from recovery_console.core.check import Answer, Check
from recovery_console.core.checks.jobs._redis import Server, mib, read_server
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Redis(Check):
	"""Does the Redis of the background jobs answer, and does it take new jobs?

	Cost: one INFO, and two CONFIG GET where they are allowed.
	"""

	title = _("Queue Redis")
	explained_by = ("config.readable",)

	#: Warn when this share of maxmemory is in use.
	full_share: float = 0.9

	def run(self, site: Site) -> Answer:
		try:
			server = read_server(site.queue.redis)
		except SourceUnavailable as error:
			yield self._down(site, error)
			return
		if server.loading:
			loading = site.queue.redis.explain(BusyLoadingError())
			yield self._down(site, loading, seconds_left=server.loading_seconds)
			return
		yield self.measure(used_memory_mib=mib(server.used_bytes))
		yield from self._refusals(site, server)
		yield from self._memory(site, server)

	def _down(self, site: Site, error: SourceUnavailable, **evidence: Any) -> Finding:
		return self.critical(
			"{reason}",
			cause=_(
				"Nothing can be queued and no worker gets work: mails stay unsent, imports and reports do not"
				" start, and pages that queue a job end in an error."
			),
			remedy="{advice}",
			subjects=[("Redis", "queue")],
			reason=error.reason,
			advice=error.remedy,
			kind=error.kind,
			address=site.queue.redis.address,
			files=[str(path) for path in site.config.defined_in("redis_queue")],
			**evidence,
		)

	def _refusals(self, site: Site, server: Server) -> Iterator[Finding]:
		if server.is_replica:
			yield self.critical(
				_("The queue Redis at {address} is a read-only copy of {master}."),
				cause=_(
					"It follows another Redis, so it refuses every new job; workers cannot take one either."
				),
				remedy=_(
					"Let redis_queue in common_site_config.json name the main server, or, if that one is gone for"
					" good, make this one the main server: `redis-cli -u redis://{address} replicaof no one`."
				),
				subject="replica",
				subjects=[("Redis", "queue")],
				address=site.queue.redis.address,
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
				address=site.queue.redis.address,
				what=server.save_failed,
				unsaved_changes=server.unsaved_changes,
			)

	def _memory(self, site: Site, server: Server) -> Iterator[Finding]:
		if not server.limit_bytes:
			return
		evidence = {
			"address": site.queue.redis.address,
			"used_mib": mib(server.used_bytes),
			"limit_mib": mib(server.limit_bytes),
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
		elif server.used_bytes >= server.limit_bytes * self.full_share:
			full = server.used_bytes >= server.limit_bytes
			yield (self.critical if full else self.warning)(
				_("The queue Redis is out of memory: it refuses new jobs.")
				if full
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
