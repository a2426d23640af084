"""Do jobs run beyond their time limit?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.jobs._started import Begun, begun_jobs
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words, minutes


@dataclass(frozen=True)
class Overtime(Check):
	"""Do jobs of this site, with a live worker, run longer than their time limit allows?

	Cost: none of its own; the started jobs are read once for all checks.
	"""

	title = _("Jobs over their time limit")
	explained_by = ("jobs.redis",)

	#: RQ itself kills a job this long after its limit.
	grace: timedelta = timedelta(seconds=60)
	#: A job without any time limit is named once it has run this long.
	endless: timedelta = timedelta(hours=6)

	def run(self, site: Site) -> Answer:
		running = {
			found.job.id: (found, site.now() - found.job.started_at)
			for found in begun_jobs(site)
			if not found.dead and found.job.started_at
		}
		yield self.measure(
			longest_minutes=minutes(max((age for _found, age in running.values()), default=timedelta(0)))
		)
		late = [(found, age) for found, age in running.values() if age > self._allowed(site, found)]
		if not late:
			return
		worst, age = max(late, key=lambda item: item[1])
		yield self.warning(
			_("Jobs that run longer than they may: {count}."),
			cause=_(
				"The longest, {method}, has run for {longest}; its limit is {limit}. It waits in a place that the limit"
				" cannot interrupt (a slow query, a dead connection), or its code swallows the interruption. Its worker"
				" does nothing else meanwhile."
			),
			remedy=_(
				"Open it in RQ Job (Desk) and choose Force Stop Job, or restart the workers with `bench restart`. See"
				" first what it waits for: in MariaDB `SHOW FULL PROCESSLIST` shows its query."
			),
			subjects=[("RQ Job", found.job.id) for found, _age in late],
			method=worst.job.does,
			longest=in_words(age),
			limit=in_words(worst.job.timeout) if _limited(worst) and worst.job.timeout else _("none"),
			workers=sorted({found.job.worker for found, _age in late if found.job.worker}),
		)

	def _allowed(self, site: Site, found: Begun) -> timedelta:
		if not _limited(found):
			return self.endless
		return (found.job.timeout or site.queue.limit(found.queue)) + self.grace


def _limited(found: Begun) -> bool:
	"""RQ knows -1 as "no limit"."""
	return found.job.timeout is None or found.job.timeout > timedelta(0)
