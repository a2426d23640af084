"""Is the list of failed jobs near the size at which Frappe drops the newest?"""

from __future__ import annotations

from recovery_console.core.backends.queues import belongs_to
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site

#: How many failed jobs Frappe keeps per queue where rq_failed_jobs_limit does not say.
DEFAULT_LIMIT = 1000


@dataclass(frozen=True)
class FailedRegistry(Check):
	"""Is the list of failed jobs of a queue so long that Frappe deletes, or soon deletes, the newest failures?

	Cost: one ZCARD per queue, and the ids of a list that is too long.
	"""

	title = _("Room for failed jobs")
	explained_by = ("jobs.redis",)

	#: Warn at this share of the limit.
	full_share: float = 0.8

	def run(self, site: Site) -> Answer:
		limit = site.config.number("rq_failed_jobs_limit", DEFAULT_LIMIT) or DEFAULT_LIMIT
		lengths = {queue: site.queue.registry_length(queue, "failed") for queue in site.queue.names()}
		yield self.measure(
			failed=sum(lengths.values()), fullest_percent=round(100 * max(lengths.values()) / limit)
		)
		for queue, length in lengths.items():
			if length < limit * self.full_share:
				continue
			full = length >= limit - 1  # Frappe keeps one less than the limit
			mine = sum(belongs_to(entry.id, site.name) for entry in site.queue.registry_ids(queue, "failed"))
			yield (self.critical if full else self.warning)(
				_("Failed jobs of queue {queue} are being dropped: its list is full at {length} jobs.")
				if full
				else _("Failed jobs of queue {queue}: {length} of the {limit} that Frappe keeps."),
				cause=_(
					"All sites of the bench share this list; of this site it holds {of_this_site}. When it is full, Frappe"
					" deletes the newest failures and keeps the oldest, so what fails today leaves no job to repeat."
				),
				remedy=_(
					"Repeat or note what is still wanted, then empty the list: in RQ Job (Desk) choose Remove Failed Jobs,"
					" on each site of the bench. rq_failed_jobs_limit in common_site_config.json raises the limit."
				),
				subject=queue,
				subjects=[("Queue", queue)],
				queue=queue,
				length=length,
				limit=limit,
				of_this_site=mine,
				of_others=length - mine,
			)
