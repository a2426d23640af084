"""Which scheduled jobs have never run?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.scheduler._types import DOCTYPE, active_types, overdue_since
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class NeverRun(Check):
	"""Which scheduled jobs have never run, although they have been due since they were made?

	Cost: none of its own; the job types are read once for all checks.
	"""

	title = _("Scheduled jobs that never ran")
	needs = (DOCTYPE,)
	explained_by = ("scheduler.alive", "scheduler.plan", "jobs.blocked", "jobs.unserved_queues")

	#: A job may start this long after it was due for the first time.
	grace: timedelta = timedelta(hours=1)

	def run(self, site: Site) -> Answer:
		now = site.db_time(site.now())
		never = [
			(now - since, found)
			for found in active_types(site)
			if not found.last_run and (since := overdue_since(site, found)) and now - since > self.grace
		]
		yield self.measure(never_run=len(never))
		if not never:
			return
		never.sort(key=lambda item: -item[0])
		age, oldest = never[0]
		yield self.warning(
			_("Scheduled jobs that have never run: {count}."),
			cause=_(
				"The oldest, {method}, was due for the first time {age} ago. Frappe's own health report does not see"
				" these: it looks only at jobs that ran before."
			),
			remedy=_(
				"Open it under Scheduled Job Type in Desk and choose Execute. If its log stays empty, its queue is not"
				" served or a stale entry blocks it; if the run fails, the log says why."
			),
			subjects=[(DOCTYPE, found.name) for _age, found in never],
			method=oldest.method,
			age=in_words(age),
			made=oldest.created,
			methods=[found.method for _age, found in never][:20],
		)
