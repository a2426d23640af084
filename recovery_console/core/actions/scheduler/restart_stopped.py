"""Start scheduled jobs again that were stopped by hand."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.scheduler._chosen import chosen
from recovery_console.core.actions.scheduler._edits import types_changed
from recovery_console.core.checks.scheduler._types import DOCTYPE, job_types
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class RestartStopped(Action):
	"""Take the tick “Stopped” away from Scheduled Job Types: from the important ones, or from those that are named.

	Important are those that send mail, keep the logs small or keep the books.
	"""

	title = _("Start stopped scheduled jobs")
	risk = Risk.DISRUPTIVE
	needs = (DOCTYPE,)
	checks = ("scheduler.stopped",)

	names: tuple[str, ...] = ()

	def plan(self, site: Site) -> Plan:
		stopped = [found for found in job_types(site) if found.stopped]
		wanted = chosen(stopped, self.names) if self.names else [found for found in stopped if found.is_vital]
		return self.planned(
			site,
			_("Stopped scheduled jobs to start: {count}"),
			types_changed(site, wanted, {"stopped": 0}),
			warnings=[
				_("Somebody stopped them: ask why, where you can."),
				_("They begin at their next time: what they send or post meanwhile is not taken back."),
			]
			if wanted
			else [],
			left_stopped=len(stopped) - len(wanted),
		)
