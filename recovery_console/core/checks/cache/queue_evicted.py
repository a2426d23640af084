"""Did the queue Redis throw away jobs?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class QueueEvicted(Check):
	"""Did the queue Redis throw away entries for lack of memory, and jobs with them?

	Cost: one INFO.
	"""

	title = _("Jobs thrown away")
	explained_by = ("jobs.redis_writable", "config.addresses")

	def run(self, site: Site) -> Answer:
		info = site.queue.redis.info()
		evicted = int(info.get("evicted_keys", 0))
		yield self.measure(evicted=evicted)
		if not evicted:
			return
		yield self.critical(
			_("The queue Redis has thrown away entries since it started: {evicted}."),
			cause=_(
				"Its memory was full and its policy ({policy}) allowed it. Jobs that were lost never run, and leave"
				" neither an error nor a trace: mails not sent, postings not made, imports that never start."
			),
			remedy=_(
				"Set `maxmemory-policy noeviction` and more `maxmemory` in config/redis_queue.conf. Then look for documents"
				" that wait for a job (mails Not Sent, imports Pending) and start them again; restart that Redis in a quiet"
				" moment, which also sets this counter back."
			),
			subjects=[("Redis", "queue")],
			evicted=evicted,
			policy=str(info.get("maxmemory_policy", "")),
		)
