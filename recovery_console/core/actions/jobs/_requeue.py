"""Batches that repeat failed jobs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from recovery_console.core.action import batch
from recovery_console.core.actions.jobs._failed import FailedJob
from recovery_console.core.actions.jobs._moves import job_key, put_back, records
from recovery_console.core.edits import ABSENT, SortedSetEdit
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut
from recovery_console.core.site import Site

#: A record that Redis deletes sooner than this might be gone before a worker comes to it.
SOON = timedelta(hours=1)


def requeued(site: Site, found: Sequence[FailedJob]) -> tuple[list[Batch], list[LeftOut]]:
	"""Return one batch per job, and the jobs of which too little is left to repeat them."""
	fields = records(site, [item.job.id for item in found])
	expiring = _expiring(site, found)
	batches: list[Batch] = []
	gone: list[LeftOut] = []
	for item in found:
		job_id = item.job.id
		if not item.job.exists or job_id in expiring:
			gone.append(
				LeftOut(
					Subject("RQ Job", job_id), _("Redis has deleted its record, or does within the hour.")
				)
			)
			continue
		key = f"rq:failed:{site.queue.key_name(item.queue)}".encode()
		batches.append(
			batch(
				"RQ Job",
				job_id,
				SortedSetEdit("queue", key, job_id.encode(), item.score, ABSENT),
				*put_back(site, job_id, fields[job_id], item.queue),
				why=f"{item.job.does} ({item.death.error})",
			)
		)
	return batches, gone


def left_out(item: FailedJob) -> LeftOut:
	"""Return a job that is not repeated because of what it does."""
	return LeftOut(Subject("RQ Job", item.job.id), f"{item.job.does}: {item.rule.reason}")


def _expiring(site: Site, found: Sequence[FailedJob]) -> set[str]:
	with site.queue.redis.client() as client:
		pipeline = client.pipeline(transaction=False)
		for item in found:
			pipeline.pttl(job_key(item.job.id))
		left = pipeline.execute() if found else []
	limit = SOON // timedelta(milliseconds=1)
	return {item.job.id for item, time in zip(found, left, strict=True) if 0 <= time < limit}
