"""Let suspended workers work again."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.jobs.suspend import KEY, other_benches
from recovery_console.core.finding import _
from recovery_console.core.keys import removed
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Resume(Action):
	"""Take away the mark that lets all workers of this Redis rest."""

	title = _("Resume the workers")
	risk = Risk.DISRUPTIVE
	checks = ("jobs.workers",)

	def plan(self, site: Site) -> Plan:
		others = other_benches(site)
		return self.planned(
			site,
			_("Resume the workers"),
			[batch("Redis", "queue", edit) for edit in removed(site.queue.redis, [KEY]).values()],
			warnings=[_("It holds for other benches on the same Redis, too: {0}.").format(", ".join(others))]
			if others
			else [],
			waiting=sum(site.queue.length(queue) for queue in site.queue.names()),
		)
