"""Bring back jobs that were held back."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.jobs._parking import moved
from recovery_console.core.actions.jobs._waiting import queues_of
from recovery_console.core.backends.queues import of_site
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Unpark(Action):
	"""Put the jobs of this site that ``jobs.park`` held back at the end of their queues, in their old order."""

	title = _("Bring back jobs that were held back")
	risk = Risk.DISRUPTIVE
	checks = ("jobs.parked",)

	queues: tuple[str, ...] = ()
	most: int = 5000

	def plan(self, site: Site) -> Plan:
		batches = []
		for queue in queues_of(site, self.queues):
			there = site.queue.parked_ids(queue)
			batches += moved(site, queue, of_site(there, site.name), there, back=True)
		return self.planned(
			site,
			_("Jobs to bring back: {count}"),
			batches,
			most=self.most,
			warnings=[_("Workers take them at once: see that what they were held back for is over.")]
			if batches
			else [],
		)
