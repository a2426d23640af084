"""Is a scheduled job blocked by the remains of an earlier run?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from recovery_console.core.backends.rq_records import Job
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.jobs._job_types import scheduled_ids
from recovery_console.core.checks.jobs._started import FRESH, begun_jobs
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Blocked(Check):
	"""Is a job type never queued again, because a job of its id counts as queued or started but is not?

	Cost: one hash per job type, and the ids of the waiting jobs where one claims to wait.
	"""

	title = _("Scheduled jobs blocked")
	needs = ("Scheduled Job Type",)
	explained_by = ("jobs.abandoned", "jobs.workers", "jobs.redis")
	budget = timedelta(seconds=10)

	def run(self, site: Site) -> Answer:
		types = scheduled_ids(site)
		stale = stale_jobs(site, types)
		yield self.measure(blocked=len(stale))
		if not stale:
			return
		yield self.critical(
			_("Scheduled jobs that can never start again: {count}."),
			cause=_(
				"A job of the same id is still marked as queued or started, but no queue holds it and no worker works"
				" on it: its worker was killed. Frappe skips the job type as long as that mark stays. Blocked:"
				" {methods}."
			),
			remedy=_(
				"Delete the stale entries. In Desk open RQ Job {first} as Administrator and delete it, or run"
				" `redis-cli -u redis://{address} del 'rq:job:{first}'`; so for each id in the evidence. The scheduler"
				" queues the job type again by itself."
			),
			subjects=[("Scheduled Job Type", types[job.id][0]) for job in stale],
			methods=", ".join(sorted(types[job.id][1] for job in stale)[:5]),
			first=stale[0].id,
			ids=[job.id for job in stale][:20],
			since=min(_since(job) or site.now() for job in stale),
			address=site.queue.redis.address,
		)


def stale_jobs(site: Site, types: Iterable[str]) -> list[Job]:
	"""Return the jobs among these ids that count as queued or started, and are neither."""
	claimed = [
		job
		for job in site.queue.jobs(list(types))
		if job.status in ("queued", "started") and _is_settled(site, job)
	]
	held = _held_ids(site, {job.queue for job in claimed if job.status == "queued"}) if claimed else set()
	return [job for job in claimed if job.id not in held]


def _since(job: Job) -> datetime | None:
	return (job.started_at if job.status == "started" else None) or job.enqueued_at


def _is_settled(site: Site, job: Job) -> bool:
	"""A job that just moved from one list to the next may be in neither while we read."""
	since = _since(job)
	return since is None or site.now() - since > FRESH


def _held_ids(site: Site, queues: set[str]) -> set[str]:
	held = {found.job.id for found in begun_jobs(site) if not found.dead}
	for queue in queues:
		held.update(site.queue.waiting_ids(queue))
	return held
