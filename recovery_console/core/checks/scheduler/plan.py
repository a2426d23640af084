"""Can the next run of every job type be computed?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.scheduler._types import DOCTYPE, active_types, stops_the_others
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Plan(Check):
	"""Can the scheduler compute when every job type is due?

	Cost: none of its own; the job types are read once for all checks.
	"""

	title = _("Time plans of scheduled jobs")
	needs = (DOCTYPE,)

	def run(self, site: Site) -> Answer:
		broken = [(found, error) for found in active_types(site) if (error := found.plan_error()) is not None]
		stoppers = [(found, error) for found, error in broken if stops_the_others(error)]
		others = [(found, error) for found, error in broken if not stops_the_others(error)]
		if stoppers:
			found, error = stoppers[0]
			yield self.critical(
				_("A job type without a usable time plan stops the whole scheduler of this site: {method}."),
				cause=_(
					"Frequency {frequency}, cron line {cron}: {error}. Frappe is not prepared for this kind of error and"
					" gives up its whole round for the site, so no other job is queued either."
				),
				remedy=_(
					"Open it under Scheduled Job Type in Desk and give it a cron line, or choose Stopped. One that comes"
					" from an app's hooks is mended there, then `bench --site {site} migrate`."
				),
				subject="stopper",
				subjects=[(DOCTYPE, found.name) for found, _error in stoppers],
				method=found.method,
				frequency=found.frequency or "-",
				cron=found.cron or "-",
				error=str(error),
				site=site.name,
			)
		if others:
			found, error = others[0]
			yield self.warning(
				_("Scheduled jobs with a cron line that makes no sense: {count}."),
				cause=_(
					"{method} has {cron}: {error}. Such a job never runs; only logs/scheduler.log tells."
				),
				remedy=_(
					"Mend the cron line under Scheduled Job Type in Desk, or in the hooks of its app and then run"
					" `bench --site {site} migrate`. For jobs of frequency All it comes from scheduler_interval in the"
					" configuration, which must be 60 or more."
				),
				subjects=[(DOCTYPE, found.name) for found, _error in others],
				method=found.method,
				cron=found.cron or "-",
				error=str(error),
				site=site.name,
			)
