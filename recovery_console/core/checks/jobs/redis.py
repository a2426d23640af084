"""Does the queue Redis answer?"""

from __future__ import annotations

from typing import Any

from redis.exceptions import BusyLoadingError

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.jobs._redis import mib, read_server
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Redis(Check):
	"""Does the Redis of the background jobs answer, and has it loaded its data?

	Cost: one INFO, and two CONFIG GET where they are allowed.
	"""

	title = _("Queue Redis reachable")
	explained_by = ("config.readable", "host.disk", "host.memory")

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
