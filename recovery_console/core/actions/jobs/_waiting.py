"""Jobs of a site that wait in its bench's queues, chosen one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from recovery_console.core.action import batch
from recovery_console.core.actions.jobs._moves import job_key, out_of_list, queue_key
from recovery_console.core.backends.queues import of_site
from recovery_console.core.backends.rq_records import Job
from recovery_console.core.errors import UsageError
from recovery_console.core.keys import removed
from recovery_console.core.plan import Batch
from recovery_console.core.site import Site

#: So many ids of a queue are looked through; no plan takes more than ``HARD_LIMIT`` of them.
MOST_IDS = 50_000


def queues_of(site: Site, queues: Iterable[str]) -> list[str]:
	"""Return the named queues of this bench; all of them when none is named.

	Raises:
		UsageError: This bench has no such queue.
	"""
	known = site.queue.names()
	wanted = list(queues)
	unknown = [queue for queue in wanted if queue not in known]
	if unknown:
		raise UsageError(
			f"This bench has no queue {', '.join(unknown)[:200]}.", remedy=f"It has: {', '.join(known)}."
		)
	return wanted or list(known)


def waiting(site: Site, queues: Iterable[str]) -> dict[str, list[str]]:
	"""Return the ids of all sites that wait in each queue, in order."""
	return {queue: site.queue.waiting_ids(queue, MOST_IDS) for queue in queues}


def mine(site: Site, found: dict[str, list[str]]) -> dict[str, str]:
	"""Return the queue of each waiting job of this site."""
	return {job_id: queue for queue, ids in found.items() for job_id in of_site(ids, site.name)}


def fitting(site: Site, ids: Sequence[str], method: str, older_than: timedelta) -> list[Job]:
	"""Return the jobs that do what is wanted and have waited so long."""
	return [
		job
		for job in site.queue.jobs(ids)
		if (not method or method in (job.does, job.method))
		and (not older_than or (job.enqueued_at and site.now() - job.enqueued_at >= older_than))
	]


def dropped(site: Site, jobs: Sequence[Job], ids: dict[str, list[str]], where: dict[str, str]) -> list[Batch]:
	"""Return one batch per job that takes it out of its queue and keeps its record in the journal."""
	kept = removed(site.queue.redis, [job_key(job.id) for job in jobs])
	leaving = [job.id for job in jobs]
	out = {}
	for queue, waiting_there in ids.items():
		here = [job_id for job_id in leaving if where[job_id] == queue]
		out.update(out_of_list(queue_key(site, queue), waiting_there, here))
	order = {job_id: number for number, job_id in enumerate(out)}
	return [
		batch(
			"RQ Job",
			job.id,
			out[job.id],
			*([kept[job_key(job.id)]] if job_key(job.id) in kept else []),
			why=job.does,
		)
		for job in sorted(jobs, key=lambda job: order[job.id])
	]


def most_frequent(jobs: Sequence[Job]) -> dict[str, int]:
	"""Return what the jobs do, most frequent first."""
	return dict(Counter(job.does for job in jobs).most_common(10))
