"""Were jobs begun that nobody works on any more?"""

from __future__ import annotations

from collections import Counter

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.jobs._safety import Safety, classify
from recovery_console.core.checks.jobs._started import begun_jobs
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class Abandoned(Check):
	"""Are jobs of this site marked as started although the worker that began them is gone?

	Cost: the ids of all started jobs, and the hashes of this site's.
	"""

	title = _("Abandoned jobs")
	explained_by = ("jobs.workers", "jobs.redis", "host.memory")

	def run(self, site: Site) -> Answer:
		begun = begun_jobs(site)
		dead = [found for found in begun if found.dead]
		yield self.measure(started=len(begun), abandoned=len(dead))
		if not dead:
			return
		since = min(found.job.started_at or found.job.enqueued_at or site.now() for found in dead)
		risky = sorted(
			{
				found.job.does
				for found in dead
				if classify(found.job.does).safety in (Safety.MONEY, Safety.MAIL)
			}
		)
		yield (self.critical if risky else self.warning)(
			_("Jobs that a worker began and never finished: {count}."),
			cause=_(
				"Their worker was killed (a restart, no memory, a lost machine), the oldest {oldest_age} ago. Nothing"
				" was written to the Error Log. What they had saved up to then stays; the rest was not done: {methods}."
			),
			remedy=_(
				"A live worker moves them to the failed jobs within ten minutes. See before you repeat one how far it"
				" came, above all those that deal with money or mail: {risky}."
			)
			if risky
			else _(
				"A live worker moves them to the failed jobs within ten minutes; then repeat what is still wanted."
				" If they stay, no worker is alive: restart them with `bench restart`."
			),
			subjects=[("RQ Job", found.job.id) for found in dead],
			oldest_age=in_words(site.now() - since),
			oldest_since=since,
			methods=", ".join(
				f"{method} ({count})"
				for method, count in Counter(found.job.does for found in dead).most_common(5)
			),
			risky=", ".join(risky),
			queues=sorted({found.queue for found in dead}),
			workers=sorted({found.job.worker for found in dead if found.job.worker}),
		)
