"""Do last executions lie in the future?"""

from __future__ import annotations

from datetime import datetime, timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.scheduler._types import CLOCK_TOLERANCE, DOCTYPE, JobType, active_types
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class Clock(Check):
	"""Do scheduled jobs claim to have run in the future, because a clock or time zone jumped?

	Cost: none of its own; the job types are read once for all checks.
	"""

	title = _("Scheduler's clock")
	needs = (DOCTYPE,)
	explained_by = ("host.clock",)

	#: Beyond this, the jobs rest long enough to hurt.
	long_rest: timedelta = timedelta(hours=1)

	def run(self, site: Site) -> Answer:
		now = site.db_time(site.now())
		types = active_types(site)
		ahead = [found for found in types if found.last_run and found.last_run > now + CLOCK_TOLERANCE]
		if ahead:
			yield self._ran_in_the_future(site, ahead, now)
		newborn = [
			found
			for found in types
			if not found.last_run and found.created and found.created > now + CLOCK_TOLERANCE
		]
		if newborn:
			yield self._made_in_the_future(site, newborn, now)

	def _ran_in_the_future(self, site: Site, ahead: list[JobType], now: datetime) -> Finding:
		furthest = max(found.last_run for found in ahead if found.last_run)
		return (self.critical if furthest - now > self.long_rest else self.warning)(
			_("Scheduled jobs whose last run lies in the future: {count}."),
			cause=_(
				"The furthest is {ahead_by} ahead. The clock of a machine was wrong when they ran, the time zone in"
				" System Settings was changed, or a backup comes from a machine that is ahead. Frappe starts none of"
				" them before that time."
			),
			remedy=_(
				"See that all machines of the bench have the right time (`timedatectl`) and that the time zone in System"
				" Settings is meant so. Then open each under Scheduled Job Type in Desk and choose Execute: a new run"
				" sets the time right."
			),
			subjects=[(DOCTYPE, found.name) for found in ahead],
			ahead_by=in_words(furthest - now),
			furthest=furthest,
			site_time=now,
			time_zone=site.single("System Settings", "time_zone"),
			methods=[found.method for found in ahead][:20],
		)

	def _made_in_the_future(self, site: Site, newborn: list[JobType], now: datetime) -> Finding:
		furthest = max(found.created for found in newborn if found.created)
		return self.info(
			_("Scheduled jobs that only begin in {ahead_by}: {count}."),
			cause=_(
				"They were made before the time zone of the site was set to {time_zone}, so the time of their making is"
				" still to come, and Frappe starts none of them before. That is usual on a new site."
			),
			remedy=_(
				"Wait, or open those that are wanted at once under Scheduled Job Type in Desk and choose Execute."
			),
			subject="new",
			subjects=[(DOCTYPE, found.name) for found in newborn],
			ahead_by=in_words(furthest - now),
			furthest=furthest,
			site_time=now,
			time_zone=site.single("System Settings", "time_zone"),
		)
