"""Do jobs wait long before they start?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.performance import _monitor
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class JobWaits(Check):
	"""Did background jobs of the last day wait long for a worker?

	Cost: the last 4 MB of the monitor's file, read once for all checks.
	"""

	title = _("Waiting time of jobs")
	explained_by = (
		"jobs.backlog",
		"jobs.workers",
		"jobs.unserved_queues",
		"host.load",
		"performance.scheduled_jobs",
	)

	#: One job in twenty waited longer than this.
	longest: timedelta = timedelta(minutes=5)
	#: Fewer jobs say nothing.
	at_least: int = 20

	def run(self, site: Site) -> Answer:
		jobs = _monitor.jobs(site)
		p95 = _monitor.percentile([entry.wait_seconds for entry in jobs], 0.95)
		duration = _monitor.percentile([entry.seconds for entry in jobs], 0.95)
		yield self.measure(
			jobs=len(jobs), p95_wait_seconds=round(p95, 1), p95_duration_seconds=round(duration, 1)
		)
		if len(jobs) < self.at_least or p95 <= self.longest.total_seconds():
			return
		costliest = _monitor.by_work(jobs)[0]
		yield self.warning(
			_("One background job in twenty waited longer than {wait} for a worker."),
			cause=_(
				"In the last day {jobs} jobs ran. The workers were busy most with {costliest}: {minutes} minutes in all."
				" Mails, imports and scheduled work come late."
			),
			remedy=_(
				"Let what takes longest run at night or less often. If the machine has room, raise background_workers in"
				" common_site_config.json, then run `bench setup supervisor` and restart the workers."
			),
			subjects=[("Site", site.name)],
			wait=in_words(timedelta(seconds=p95)),
			wait_seconds=round(p95, 1),
			jobs=len(jobs),
			costliest=costliest.what,
			minutes=round(sum(costliest.seconds) / 60, 1),
		)
