"""Which imports were started and nothing happens?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from recovery_console.core.backends.rq_records import Job
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.imports import _runs as imports
from recovery_console.core.checks.imports._runs import Run
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import hours


@dataclass(frozen=True)
class Pending(Check):
	"""Which imports are Pending without a job that could begin with them, or with one that nobody takes?

	Cost: reads the imports of the window, counts their log rows, and asks the queue for their jobs.
	"""

	title = _("Imports that do not begin")
	needs = (imports.DATA_IMPORT, imports.LOG)
	explained_by = ("jobs.workers", "jobs.unserved_queues", "jobs.backlog", "jobs.abandoned")

	window: timedelta = timedelta(days=7)
	#: Who left an import alone for so long is no longer filling it in.
	older_than: timedelta = timedelta(hours=1)
	waits_longer_than: timedelta = timedelta(minutes=15)

	def run(self, site: Site) -> Answer:
		candidates = [run for run in imports.runs(site, self.window, "Pending") if run.has_source]
		logs = imports.logged(site, candidates)
		candidates = [
			run
			for run in candidates
			if run.name in logs and not logs[run.name].records and not imports.serious(run.warnings)
		]
		if not candidates:
			return
		jobs = imports.jobs(site, candidates)
		waiting = [run for run in candidates if self._waits(site, jobs.get(run.name))]
		lost = [run for run in candidates if run.name in jobs and not imports.alive(site, jobs[run.name])]
		idle = [run for run in candidates if run.name not in jobs and self._is_old(site, run)]
		if waiting:
			yield self._waiting(site, waiting, [jobs[run.name] for run in waiting])
		if lost:
			yield self._lost(lost, [jobs[run.name].status for run in lost])
		if idle:
			yield self._idle(idle)

	def _waits(self, site: Site, job: Job | None) -> bool:
		since = job.enqueued_at if job is not None and job.status == "queued" else None
		return since is not None and site.now() - since > self.waits_longer_than

	def _is_old(self, site: Site, run: Run) -> bool:
		return run.changed is not None and site.now() - run.changed > self.older_than

	def _waiting(self, site: Site, found: list[Run], jobs: Sequence[Job]) -> Finding:
		oldest = min(job.enqueued_at for job in jobs if job.enqueued_at)
		return self.warning(
			_("Imports that were started and wait for a worker: {count}."),
			cause=_("Their jobs stand in the queue {queue}; no worker has taken them yet."),
			remedy=_(
				"See what the checks of the jobs say about this queue; the imports then begin by themselves."
			),
			subject="waiting",
			subjects=[run.subject for run in found],
			queue=jobs[0].queue,
			oldest_hours=hours(site.now() - oldest),
		)

	def _lost(self, found: list[Run], statuses: list[str]) -> Finding:
		return self.warning(
			_("Imports that were started and never began: {count}."),
			cause=_("Their jobs ended before the first row; the queue knows them as: {states}."),
			remedy=_("Find the job in the RQ Job list: it shows its error. Then press Start Import again."),
			subject="lost",
			subjects=[run.subject for run in found],
			states=", ".join(sorted(set(statuses))),
		)

	def _idle(self, found: list[Run]) -> Finding:
		return self.info(
			_("Imports that were filled in and have no job: {count}."),
			cause=_("They were never started, or their jobs were lost with the queue's memory."),
			remedy=_("Open each and press Start Import, or delete it."),
			subject="idle",
			subjects=[run.subject for run in found],
			oldest=min((run.changed for run in found if run.changed), default=None),
		)
