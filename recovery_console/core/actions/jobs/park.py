"""Hold waiting jobs of this site back from the workers."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.jobs._parking import moved
from recovery_console.core.actions.jobs._waiting import fitting, mine, most_frequent, queues_of, waiting
from recovery_console.core.backends.rq_records import scheduled_method
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

SHOWN = 20


@dataclass(frozen=True)
class Park(Action):
	"""Move this site's waiting jobs to a list that no worker knows, until ``jobs.unpark`` brings them back.

	So one site, one queue or one kind of job rests while the others are served. Jobs that are queued later are not
	held back: repeat it where that matters.
	"""

	title = _("Hold waiting jobs back")
	risk = Risk.DISRUPTIVE
	checks = ("jobs.backlog",)

	queues: tuple[str, ...] = ()
	method: str = ""
	most: int = 5000

	def plan(self, site: Site) -> Plan:
		ids = waiting(site, queues_of(site, self.queues))
		where = mine(site, ids)
		jobs = fitting(site, list(where), self.method, timedelta(0))
		scheduled = [job for job in jobs if scheduled_method(job)]
		held = [job for job in jobs if not scheduled_method(job)]
		batches = [
			item
			for queue, there in ids.items()
			for item in moved(
				site, queue, [job.id for job in held if where[job.id] == queue], there, back=False
			)
		]
		return self.planned(
			site,
			_("Waiting jobs to hold back: {count}"),
			batches,
			most=self.most,
			warnings=[_("They wait until somebody runs jobs.unpark; nothing does it by itself.")],
			left_out=[
				LeftOut(
					Subject("RQ Job", job.id),
					_("It is the scheduler's: while it is held back, its job type would be blocked."),
				)
				for job in scheduled[:SHOWN]
			],
			jobs=most_frequent(held),
		)
