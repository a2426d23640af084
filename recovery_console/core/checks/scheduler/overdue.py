"""Which scheduled jobs are late?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.scheduler._types import DOCTYPE, active_types, overdue_since
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import hours, in_words


@dataclass(frozen=True)
class Overdue(Check):
	"""Which scheduled jobs ran before, but not when they were last due?

	Cost: none of its own; the job types are read once for all checks.
	"""

	title = _("Scheduled jobs overdue")
	needs = (DOCTYPE,)
	explained_by = (
		"scheduler.alive",
		"scheduler.plan",
		"scheduler.clock",
		"jobs.blocked",
		"jobs.unserved_queues",
	)

	#: A job may start this long after it was due: others may be before it in the queue.
	grace: timedelta = timedelta(minutes=30)
	#: So much later may those of the long queue start, in which one job may take an hour.
	long_grace: timedelta = timedelta(hours=2)

	def run(self, site: Site) -> Answer:
		now = site.db_time(site.now())
		late = [
			(now - since, found)
			for found in active_types(site)
			if found.last_run
			and (since := overdue_since(site, found))
			and now - since > (self.long_grace if found.is_long else self.grace)
		]
		yield self.measure(overdue=len(late))
		if not late:
			return
		late.sort(key=lambda item: -item[0])
		age, worst = late[0]
		yield (self.critical if any(found.is_vital for _age, found in late) else self.warning)(
			_("Scheduled jobs that are overdue: {count}."),
			cause=_(
				"The latest, {method}, should have run {age} ago. Where others run, a run of this one hangs, its queue is"
				" full, or a stale entry blocks it; where none runs, the scheduler itself rests."
			),
			remedy=_(
				"Open it under Scheduled Job Type in Desk: its log shows the last runs, and Execute runs it once. Look"
				" at the findings about jobs first."
			),
			subjects=[(DOCTYPE, found.name) for _age, found in late],
			method=worst.method,
			age=in_words(age),
			oldest_hours=hours(age),
			last_run=worst.last_run,
			methods=[found.method for _age, found in late][:20],
			vital=[found.method for _age, found in late if found.is_vital],
		)
