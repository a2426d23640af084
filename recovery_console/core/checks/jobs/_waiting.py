"""The jobs that wait in a queue."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from recovery_console.core.backends.queues import of_site
from recovery_console.core.bench import site_names
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: How many jobs at the head of a queue are looked at, of all sites and of this one.
HEAD = 100
#: In a longer queue the share of this site is computed from so many jobs at its head.
MOST_IDS = 50_000
#: Above this number of waiting jobs Frappe 16 refuses more: so many, and so many for each site of the bench.
MOST_QUEUED = 500
MOST_QUEUED_PER_SITE = 50


@dataclass(frozen=True)
class Waiting:
	"""A queue and what waits in it; the head of the queue stands for the rest.

	``of_this_site`` is exact unless ``is_estimate`` says otherwise; ``length`` always is.
	"""

	name: str
	limit: timedelta
	length: int
	of_this_site: int
	is_estimate: bool
	oldest: datetime | None
	oldest_age: timedelta
	most: tuple[tuple[str, int], ...]


def read_waiting(site: Site, queue: str) -> Waiting:
	"""Look at the jobs that wait in a queue."""
	ids = site.queue.waiting_ids(queue, MOST_IDS)
	length = max(site.queue.length(queue), len(ids)) if len(ids) >= MOST_IDS else len(ids)
	mine = of_site(ids, site.name)
	jobs = site.queue.jobs(list(dict.fromkeys((*ids[:HEAD], *mine[:HEAD]))))
	oldest = min((job.enqueued_at for job in jobs if job.enqueued_at), default=None)
	return Waiting(
		name=queue,
		limit=site.queue.limit(queue),
		length=length,
		of_this_site=round(len(mine) * length / len(ids)) if ids else 0,
		is_estimate=length > len(ids),
		oldest=oldest,
		oldest_age=site.now() - oldest if oldest else timedelta(0),
		most=tuple(Counter(job.does for job in jobs if job.exists).most_common(3)),
	)


def most_waiting(site: Site) -> int:
	"""Return at how many waiting jobs Frappe refuses more; 0 where it never does (before version 16)."""
	if site.frappe_major < 16:
		return 0
	limit = site.config.number("max_queued_jobs", MOST_QUEUED) or MOST_QUEUED
	return limit + MOST_QUEUED_PER_SITE * len(site_names(site.bench))
