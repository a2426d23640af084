"""Give a scheduled job a time plan that can be computed."""

from __future__ import annotations

from dataclasses import replace

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.scheduler._chosen import chosen
from recovery_console.core.actions.scheduler._edits import types_changed
from recovery_console.core.checks.scheduler._types import DOCTYPE, job_types
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_LONGEST = 140


@dataclass(frozen=True)
class SetCron(Action):
	"""Set the cron line of one Scheduled Job Type, such as ``0 3 * * *`` for three in the morning.

	For a job type of an app, mend the app's hooks, too: the next `bench migrate` brings their line back.
	"""

	title = _("Set the cron line of a scheduled job")
	risk = Risk.REVERSIBLE
	needs = (DOCTYPE,)
	checks = ("scheduler.plan",)

	name: str
	cron: str

	def plan(self, site: Site) -> Plan:
		(found,) = chosen(job_types(site), (self.name,))[:1]
		cron = " ".join(self.cron.split())
		error = replace(found, cron=cron).plan_error()
		if error is not None or not cron or len(cron) > _LONGEST:
			raise UsageError(
				f"{cron[:100]!r} is no cron line by which a time can be computed: {error or 'wrong length'}.",
				remedy="Give five fields, such as 0 3 * * * for three in the morning of every day.",
			)
		due = replace(found, cron=cron).due()
		return self.planned(
			site,
			_("Set the cron line of {method}"),
			types_changed(site, [found], {"cron_format": cron, "frequency": "Cron"}),
			method=found.method,
			due_next=due,
		)
