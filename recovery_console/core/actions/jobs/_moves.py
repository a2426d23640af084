"""Edits that move a job between RQ's lists, as RQ itself would leave it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime, timezone

from recovery_console.core.edits import ABSENT, Absent, Edit, HashEdit, ListEdit, SetEdit, SortedSetEdit
from recovery_console.core.keys import hash_changed, hash_fields
from recovery_console.core.site import Site

#: What RQ writes into a job's record when it moves it.
FIELDS = (
	b"status",
	b"origin",
	b"enqueued_at",
	b"started_at",
	b"ended_at",
	b"exc_info",
	b"failure_ttl",
)
#: How long RQ keeps a failed job that does not say.
_YEAR = 365 * 24 * 60 * 60
Record = dict[bytes, bytes | Absent]


def records(site: Site, ids: Sequence[str]) -> dict[str, Record]:
	"""Return the fields of ``FIELDS`` of each job."""
	found = hash_fields(site.queue.redis, [job_key(job_id) for job_id in ids], FIELDS)
	return dict(zip(ids, found, strict=True))


def put_back(site: Site, job_id: str, record: Record, queue: str) -> list[Edit]:
	"""Return the edits that put a job at the end of a queue, as if it had just been queued.

	Args:
		site: The site.
		job_id: Full id.
		record: Its fields, from ``records``.
		queue: Short name of the queue.
	"""
	after = {b"status": b"queued", b"enqueued_at": stamp(site.now()), b"origin": full_name(site, queue)}
	if record[b"started_at"] is not ABSENT:
		after |= {b"started_at": b"", b"ended_at": b""}
	if record[b"exc_info"] is not ABSENT:
		after[b"exc_info"] = zlib.compress(b"")
	return [
		*hash_changed(site.queue.redis, job_key(job_id), record, after),
		*known_queue(site, queue),
		ListEdit("queue", queue_key(site, queue), job_id.encode(), before=False, after=True),
	]


def failed_now(site: Site, job_id: str, record: Record, queue: str, text: str) -> list[Edit]:
	"""Return the edits that list a job as failed, with the text of an error."""
	kept = record[b"failure_ttl"]
	seconds = int(kept) if isinstance(kept, bytes) and kept.isdigit() else _YEAR
	after = {
		b"status": b"failed",
		b"ended_at": stamp(site.now()),
		b"exc_info": zlib.compress(text.encode()),
	}
	score = float(int(site.now().timestamp()) + seconds)
	return [
		*hash_changed(site.queue.redis, job_key(job_id), record, after),
		SortedSetEdit(
			"queue", f"rq:failed:{site.queue.key_name(queue)}".encode(), job_id.encode(), ABSENT, score
		),
	]


def known_queue(site: Site, queue: str) -> list[Edit]:
	"""Return the edit that makes a queue known to RQ, where it is not."""
	if site.queue.key_name(queue) in site.queue.all_names():
		return []
	return [SetEdit("queue", b"rq:queues", queue_key(site, queue), before=False, after=True)]


def out_of_list(key: bytes, waiting: Sequence[str], leaving: Sequence[str]) -> dict[str, ListEdit]:
	"""Return, by id, the edits that take jobs out of a list, each knowing where it goes back to.

	What is taken out first comes back last, so each follows the last one before it that stays.
	"""
	found: dict[str, ListEdit] = {}
	left = set(leaving)
	stays: bytes | Absent = ABSENT
	for job_id in waiting:
		if job_id not in left:
			stays = job_id.encode()
		elif job_id not in found:
			found[job_id] = ListEdit("queue", key, job_id.encode(), before=True, after=False, follows=stays)
	return found


def origin_changed(site: Site, job_id: str, record: Record, queue: str) -> list[HashEdit]:
	"""Return the edit that lets a job's record name another queue of this bench."""
	return hash_changed(site.queue.redis, job_key(job_id), record, {b"origin": full_name(site, queue)})


def job_key(job_id: str) -> bytes:
	return f"rq:job:{job_id}".encode()


def results_key(job_id: str) -> bytes:
	return f"rq:results:{job_id}".encode()


def queue_key(site: Site, queue: str) -> bytes:
	return f"rq:queue:{site.queue.key_name(queue)}".encode()


def full_name(site: Site, queue: str) -> bytes:
	return site.queue.key_name(queue).encode()


def stamp(moment: datetime) -> bytes:
	"""Return a time as RQ writes it."""
	return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ").encode()
