"""Drop jobs that wait in a queue."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.jobs._ids import chosen
from recovery_console.core.actions.jobs._waiting import (
	dropped,
	fitting,
	mine,
	most_frequent,
	queues_of,
	waiting,
)
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class DropWaiting(Action):
	"""Take waiting jobs of this site out of their queues: those that are named, or all that do the same.

	What they should have done is not done. The journal keeps each job, so that undoing puts it back in its place.
	"""

	title = _("Drop waiting jobs")
	risk = Risk.DISRUPTIVE
	checks = ("jobs.backlog",)

	names: tuple[str, ...] = ()
	method: str = ""
	queues: tuple[str, ...] = ()
	older_than: timedelta = timedelta(0)
	most: int = 1000

	def plan(self, site: Site) -> Plan:
		if not self.names and not self.method:
			raise UsageError(
				"jobs.drop_waiting was not told which jobs.",
				remedy="Name the jobs (names) or what they do (method); jobs.purge_site drops all of this site.",
			)
		ids = waiting(site, queues_of(site, self.queues))
		where = mine(site, ids)
		jobs = fitting(
			site,
			chosen(site, self.names, where, "the waiting jobs of this site"),
			self.method,
			self.older_than,
		)
		return self.planned(
			site,
			_("Waiting jobs to drop: {count}"),
			dropped(site, jobs, ids, where),
			most=self.most,
			warnings=[_("What these jobs should have done is not done.")] if jobs else [],
			jobs=most_frequent(jobs),
		)
