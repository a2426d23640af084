"""Is there a queue that no worker serves?"""

from __future__ import annotations

from typing import Any

from recovery_console.core.backends.queues import STANDARD_QUEUES, of_site
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.jobs._waiting import MOST_IDS
from recovery_console.core.checks.jobs._workers import muster
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class UnservedQueues(Check):
	"""Is there a queue to which no live worker listens?

	Cost: the ids of up to 50,000 jobs in each such queue.
	"""

	title = _("Queues that nobody serves")
	explained_by = ("jobs.workers", "jobs.redis")

	def run(self, site: Site) -> Answer:
		found = muster(site)
		waiting = {
			queue: site.queue.waiting_ids(queue, MOST_IDS)
			for queue in site.queue.names()
			if not found.serving(queue)
		}
		needed = [
			queue for queue in waiting if queue in STANDARD_QUEUES or of_site(waiting[queue], site.name)
		]
		unused = [queue for queue in waiting if queue in site.queue.limits and queue not in needed]
		yield self.measure(unserved=len(needed))
		details: dict[str, Any] = {
			"waiting": {queue: site.queue.length(queue) for queue in (*needed, *unused)},
			"of_this_site": sum(len(of_site(ids, site.name)) for ids in waiting.values()),
			"not_configured": [queue for queue in needed if queue not in site.queue.limits],
			"served": sorted({queue for worker in found.alive for queue in worker.queues}),
		}
		if needed and found.alive:  # without a single worker, jobs.workers says all there is to say
			yield self.critical(
				_("Queues that no worker serves: {names}."),
				cause=_(
					"Jobs go in and nobody takes them out. Jobs of this site waiting there: {of_this_site}. A queue that is"
					" not, or no longer, under `workers` in common_site_config.json gets no worker by itself."
				),
				remedy=_(
					"Start a worker for each: `bench worker --queue {first}`, or bring the process files up to date"
					" with `bench setup supervisor` (or `bench setup systemd`) and restart."
				),
				subjects=[("Queue", queue) for queue in needed],
				names=", ".join(needed),
				first=needed[0],
				**details,
			)
		if unused:
			yield self.warning(
				_("Queues of your own that no worker serves: {names}."),
				cause=_("They are configured under `workers` in common_site_config.json, and empty for now."),
				remedy=_(
					"Run `bench setup supervisor` (or `bench setup systemd`) and restart, so that they get their"
					" workers; or take them out of the configuration."
				),
				subject="custom",
				subjects=[("Queue", queue) for queue in unused],
				names=", ".join(unused),
				**details,
			)
