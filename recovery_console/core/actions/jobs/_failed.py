"""The failed jobs of a site, chosen one by one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from recovery_console.core.actions.jobs._ids import chosen
from recovery_console.core.backends.queues import belongs_to
from recovery_console.core.backends.rq_records import Job, text_of
from recovery_console.core.checks.jobs._errors import Death, read_death
from recovery_console.core.checks.jobs._safety import Rule, Safety, classify, was_in_the_way
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_PAGE = 1000


@dataclass(frozen=True)
class FailedJob:
	"""A failed job, where it is listed, what it died of and what a second run may do."""

	job: Job
	queue: str
	score: float
	death: Death
	rule: Rule
	was_in_the_way: bool

	@property
	def may_be_repeated(self) -> bool:
		"""Whether a second run does no harm, whoever looks."""
		if self.job.status != "failed" or self.rule.safety in (Safety.MONEY, Safety.MAIL):
			return False
		undone = self.was_in_the_way and not self.rule.saves_between
		return undone or self.rule.safety is Safety.IDEMPOTENT


@dataclass(frozen=True)
class Selection:
	"""Which failed jobs are wanted. What is left empty does not limit.

	Args:
		names: Full ids.
		method: What the jobs do.
		error: Class of the error, or a part of it, in any case.
		older_than: They failed at least so long ago.
	"""

	names: tuple[str, ...] = ()
	method: str = ""
	error: str = ""
	older_than: timedelta = timedelta(0)


def failed_jobs(site: Site, wanted: Selection) -> list[FailedJob]:
	"""Return the failed jobs of this site that are wanted, oldest first.

	Raises:
		UsageError: A name is not among the failed jobs of this site.
	"""
	where = _entries(site)
	ids = chosen(site, wanted.names, where, "the failed jobs of this site")
	jobs = site.queue.jobs(ids, with_exception=True)
	found = [_read(job, *where[job.id]) for job in jobs]
	return [item for item in found if _fits(site, item, wanted)]


def _entries(site: Site) -> dict[str, tuple[str, float]]:
	"""Return queue and score of each failed job of this site."""
	found: dict[str, tuple[str, float]] = {}
	for queue in site.queue.names():
		for member, score in scores(site, f"rq:failed:{site.queue.key_name(queue)}"):
			if belongs_to(member, site.name):
				found[member] = (queue, score)
	return dict(sorted(found.items(), key=lambda item: item[1][1]))


def scores(site: Site, key: str) -> Iterable[tuple[str, float]]:
	"""Return the members of a registry with their exact scores."""
	found: list[tuple[str, float]] = []
	with site.queue.redis.client() as client:
		while page := client.zrange(key, len(found), len(found) + _PAGE - 1, withscores=True):
			found.extend((text_of(member), float(score)) for member, score in page)
	return found


def _read(job: Job, queue: str, score: float) -> FailedJob:
	return FailedJob(
		job=job,
		queue=queue,
		score=score,
		death=read_death(job.exception),
		rule=classify(job.does),
		was_in_the_way=was_in_the_way(job.exception),
	)


def _fits(site: Site, found: FailedJob, wanted: Selection) -> bool:
	if wanted.method and wanted.method not in (found.job.does, found.job.method):
		return False
	if wanted.error and wanted.error.casefold() not in found.death.error.casefold():
		return False
	ended = found.job.ended_at or found.job.started_at or found.job.enqueued_at
	return not wanted.older_than or ended is None or site.now() - ended >= wanted.older_than
