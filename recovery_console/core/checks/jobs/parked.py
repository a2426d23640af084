"""Are jobs held back, and forgotten?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.queues import of_site
from recovery_console.core.check import Answer, Check
from recovery_console.core.finding import _
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.times import hours, in_words


@dataclass(frozen=True)
class Parked(Check):
	"""Are jobs of this site still held back that somebody moved out of the workers' reach?

	Cost: one list per queue; mostly none of them is there.
	"""

	title = _("Jobs held back")
	explained_by = ("jobs.redis",)

	#: Nobody holds jobs back on purpose for longer than this.
	forgotten_after: timedelta = timedelta(hours=12)

	def run(self, site: Site) -> Answer:
		ids = [
			job_id
			for queue in site.queue.names()
			for job_id in of_site(site.queue.parked_ids(queue), site.name)
		]
		yield self.measure(held_back=len(ids))
		if not ids:
			return
		since = [job.enqueued_at for job in site.queue.jobs(ids) if job.enqueued_at]
		age = site.now() - min(since, default=site.now())
		yield (self.warning if age > self.forgotten_after else self.info)(
			_("Jobs that are held back from the workers: {count}."),
			cause=_(
				"Somebody held them back with the runbook hold-jobs-back. The oldest was queued {age} ago; no worker sees"
				" them until they are brought back."
			),
			remedy=_(
				"Bring them back with the runbook bring-jobs-back, once what they had to wait for is over."
			),
			subjects=[("RQ Job", job_id) for job_id in ids],
			age=in_words(age),
			oldest_hours=hours(age),
			oldest_since=min(since, default=None),
		)
