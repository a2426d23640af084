"""Let scheduled jobs run again that claim to have run in the future."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.scheduler._chosen import chosen
from recovery_console.core.actions.scheduler._edits import types_changed
from recovery_console.core.checks.scheduler._types import CLOCK_TOLERANCE, DOCTYPE, active_types
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class ResetClock(Action):
	"""Set the last run (of one that never ran, the making) of job types to now where it lies in the future.

	Each then runs when it is next due. Only when the clocks and the time zone are right: else it comes back.
	"""

	title = _("Bring last runs back from the future")
	risk = Risk.REVERSIBLE
	needs = (DOCTYPE,)
	checks = ("scheduler.clock",)

	names: tuple[str, ...] = ()

	def plan(self, site: Site) -> Plan:
		now = site.ago(timedelta(0)).replace(microsecond=0)
		late = now + CLOCK_TOLERANCE
		ran = [found for found in active_types(site) if found.last_run and found.last_run > late]
		newborn = [
			found
			for found in active_types(site)
			if not found.last_run and found.created and found.created > late
		]
		wanted = {found.name for found in chosen([*ran, *newborn], self.names)}
		return self.planned(
			site,
			_("Scheduled jobs whose last run is brought back to now: {count}"),
			[
				*types_changed(site, [it for it in ran if it.name in wanted], {"last_execution": now}),
				*types_changed(site, [it for it in newborn if it.name in wanted], {"creation": now}),
			],
			time_zone=site.single("System Settings", "time_zone"),
			site_time=now,
		)
