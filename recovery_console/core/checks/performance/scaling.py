"""Is the machine too small for its work?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.performance import _history
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_LOOK = _("See what takes most of it before a larger machine is rented.")


@dataclass(frozen=True)
class Scaling(Check):
	"""Has load, memory, waiting jobs or answer time been above its limit for a week, not just for an hour?

	Cost: the measurements of up to 400 snapshots of the console, read once for all checks.
	"""

	title = _("Is the machine large enough")
	explained_by = ("jobs.backlog", "jobs.workers", "host.load", "host.memory", "performance.requests")

	#: It holds for this share of the snapshots …
	share: float = 0.8
	#: … over at least so long.
	lasting: timedelta = timedelta(days=7)
	load_per_core: float = 0.7
	memory_percent: float = 80.0
	answer_seconds: float = 1.0
	waiting_jobs: int = 50

	def run(self, site: Site) -> Answer:
		judged = 0
		for name, limit, what in self._indicators():
			try:
				points = _history.points(site, name)
			except NotApplicable:
				continue  # not measured on this site
			judged += 1
			above = [point for point in points if point.value > limit]
			if points[-1].at - points[0].at < self.lasting or len(above) < self.share * len(points):
				continue
			average = sum(point.value for point in points) / len(points)
			yield self.warning(
				_("{what}: above {limit} for days, on average {average}."),
				cause=_(
					"In {above} of {snapshots} snapshots of the last {days} days it was above {limit}. That is no peak any"
					" more: the machine is too small for its work, or something wastes it."
				),
				remedy=_(
					"{look} More workers help against waiting jobs only where load and memory have room."
				),
				subject=name,
				subjects=[("Measurement", name)],
				count=1,
				what=what,
				limit=limit,
				average=round(average, 2),
				above=len(above),
				snapshots=len(points),
				days=round((points[-1].at - points[0].at).total_seconds() / 86400, 1),
				look=_LOOK,
			)
		if not judged:
			raise NotApplicable(
				_("The console has not kept snapshots for long enough to tell; it takes a week.")
			)
		yield self.measure(indicators=judged)

	def _indicators(self) -> tuple[tuple[str, float, str], ...]:
		return (
			("host.load.load_per_core", self.load_per_core, _("Load per core")),
			("host.memory.used_percent", self.memory_percent, _("Memory in use, in percent")),
			(
				"performance.requests.p95_seconds",
				self.answer_seconds,
				_("Answer time of one request in twenty, in s"),
			),
			("jobs.backlog.waiting", float(self.waiting_jobs), _("Jobs that wait")),
		)
