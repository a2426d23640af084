"""Stop scheduled jobs whose code does not exist."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.scheduler._chosen import chosen
from recovery_console.core.actions.scheduler._edits import types_changed
from recovery_console.core.checks.scheduler._types import DOCTYPE
from recovery_console.core.checks.scheduler.gone_method import gone_types
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class StopTypes(Action):
	"""Tick “Stopped” on Scheduled Job Types that name a function or script which is not there.

	Each of their runs fails, or does nothing. `bench migrate` removes those that no app names any more.
	"""

	title = _("Stop scheduled jobs without code")
	risk = Risk.REVERSIBLE
	needs = (DOCTYPE,)
	checks = ("scheduler.gone_method",)

	names: tuple[str, ...] = ()

	def plan(self, site: Site) -> Plan:
		gone = {found.name: (found, missing) for found, missing in gone_types(site)}
		wanted = chosen([found for found, _missing in gone.values()], self.names)
		return self.planned(
			site,
			_("Scheduled jobs to stop whose code does not exist: {count}"),
			types_changed(site, wanted, {"stopped": 1}, why=lambda found: gone[found.name][1]),
		)
