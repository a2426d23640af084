"""Jobs that a worker has begun, and whether that worker still works on them."""

from __future__ import annotations

from datetime import datetime, timedelta

from recovery_console.core.backends.queues import belongs_to
from recovery_console.core.backends.rq_records import Job
from recovery_console.core.checks.jobs._workers import muster
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: A heartbeat may come this late before its job counts as abandoned.
GRACE = timedelta(seconds=60)
#: A job this young may be of a worker that registered after the roll was called.
FRESH = timedelta(seconds=5)


@dataclass(frozen=True)
class Begun:
	"""A job of this site that a worker took from its queue.

	Args:
		job: The job.
		queue: Short name of its queue.
		dead: Nobody works on it any more.
	"""

	job: Job
	queue: str
	dead: bool


def begun_jobs(site: Site) -> list[Begun]:
	"""Return the jobs of this site that were begun, or taken and not begun; once for all checks."""
	return site.remember("jobs.begun", lambda: _read(site))


def _read(site: Site) -> list[Begun]:
	begun: list[Begun] = []
	for queue in site.queue.names():
		started = [
			entry for entry in site.queue.registry_ids(queue, "started") if belongs_to(entry.id, site.name)
		]
		jobs = site.queue.jobs([entry.id for entry in started])
		begun += [
			Begun(job, queue, _is_dead(site, job, entry.expires_at))
			for job, entry in zip(jobs, started, strict=True)
			if job.status == "started"  # else it ended while we read
		]
		begun += _taken(site, queue, {job.id for job in jobs})
	return begun


def _taken(site: Site, queue: str, started: set[str]) -> list[Begun]:
	"""Return jobs that a worker took and never began: it died between the two steps."""
	ids = [job_id for job_id in site.queue.taken_ids(queue) if belongs_to(job_id, site.name)]
	return [
		Begun(job, queue, dead=True)
		for job in site.queue.jobs([job_id for job_id in ids if job_id not in started])
		if job.status == "queued" and job.enqueued_at and site.now() - job.enqueued_at > GRACE
	]


def _is_dead(site: Site, job: Job, expires_at: datetime | None) -> bool:
	if expires_at is not None and expires_at < site.now() - GRACE:
		return True
	if not job.worker or (job.started_at and site.now() - job.started_at < FRESH):
		return False
	return job.worker not in muster(site).names
