"""Empty the queues of this site's jobs."""

from __future__ import annotations

from recovery_console.core.action import HARD_LIMIT, Action, Risk
from recovery_console.core.actions.jobs._waiting import dropped, mine, most_frequent, queues_of, waiting
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class PurgeSite(Action):
	"""Take all waiting jobs of this site out of the queues; jobs of other sites stay.

	The journal keeps each job, so that undoing puts it back in its place. `bench purge-jobs` keeps nothing, and
	without a site empties the queues of all.
	"""

	title = _("Drop all waiting jobs of this site")
	risk = Risk.DISRUPTIVE
	checks = ("jobs.backlog",)

	queues: tuple[str, ...] = ()
	most: int = HARD_LIMIT

	def plan(self, site: Site) -> Plan:
		ids = waiting(site, queues_of(site, self.queues))
		where = mine(site, ids)
		jobs = site.queue.jobs(list(where))
		return self.planned(
			site,
			_("Waiting jobs to drop: {count}"),
			dropped(site, jobs, ids, where),
			most=self.most,
			warnings=[
				_(
					"Mails, imports, postings and reports that wait among them do not happen: see their number."
				)
			]
			if jobs
			else [],
			jobs=most_frequent(jobs),
			of_other_sites=sum(len(found) for found in ids.values()) - len(where),
		)
