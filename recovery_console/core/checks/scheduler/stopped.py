"""Which scheduled jobs were stopped by hand?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.scheduler._types import DOCTYPE, VITAL, JobType, job_types
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Stopped(Check):
	"""Which scheduled jobs did somebody stop by hand?

	Cost: none of its own; the job types are read once for all checks.
	"""

	title = _("Scheduled jobs stopped by hand")
	needs = (DOCTYPE,)

	def run(self, site: Site) -> Answer:
		stopped = [found for found in job_types(site) if found.stopped]
		vital = [found for found in stopped if found.is_vital]
		others = [found for found in stopped if not found.is_vital]
		yield self.measure(stopped=len(stopped))
		if vital:
			yield self.warning(
				_("Important scheduled jobs were stopped by hand: {count}."),
				cause=_("“Stopped” is ticked on: {names}. With them stands still: {effects}."),
				remedy=_("Untick Stopped on the Scheduled Job Type in Desk, unless somebody wants it so."),
				subject="vital",
				subjects=[(DOCTYPE, found.name) for found in vital],
				names=_names(vital),
				effects=", ".join(sorted({VITAL.get(found.method, "accounting") for found in vital})),
			)
		if others:
			yield self.info(
				_("Scheduled jobs that were stopped by hand: {count}."),
				cause=_("“Stopped” is ticked on: {names}."),
				remedy=_("Untick Stopped on the Scheduled Job Type in Desk when they are wanted again."),
				subjects=[(DOCTYPE, found.name) for found in others],
				names=_names(others),
			)


def _names(types: list[JobType]) -> str:
	return ", ".join(found.method for found in types[:5]) + (" …" if len(types) > 5 else "")
