"""RQ's queues, registries, jobs and workers, read key by key.

Calling RQ itself would clean registries in passing and run the failure callbacks of abandoned jobs in our
process; unpickling a job runs code. The texts that are read here (``description`` and the result stream) name
site, method and exception all the same.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from recovery_console.core.backends.redis import RedisSource
from recovery_console.core.times import UTC

#: Time limits in seconds of the queues that every bench has.
STANDARD_QUEUES = {"short": 300, "default": 300, "long": 1500}
REGISTRIES = {
	"started": "wip",
	"failed": "failed",
	"finished": "finished",
	"deferred": "deferred",
	"scheduled": "scheduled",
	"canceled": "canceled",
}
#: The two ways in which Frappe joins a site to a job id: version 15 and version 16.
SEPARATORS = ("::", "||")
#: Ids are read in pieces of this size, so that no single command holds Redis up.
PAGE = 5_000
#: An exception text is not unpacked beyond this many bytes.
LARGEST_TEXT = 256 * 1024

_JOB_FIELDS = (
	"status",
	"origin",
	"description",
	"created_at",
	"enqueued_at",
	"started_at",
	"ended_at",
	"last_heartbeat",
	"worker_name",
	"timeout",
)
_WORKER_FIELDS = (
	"birth",
	"last_heartbeat",
	"queues",
	"state",
	"current_job",
	"pid",
	"hostname",
	"death",
	"successful_job_count",
	"failed_job_count",
)
_ARGUMENT = r"{}=(?:'([^']*)'|\"([^\"]*)\"|<function ([\w.<>]+) at)"


@dataclass(frozen=True)
class Job:
	"""What can be read of a job without running code. Times are UTC."""

	id: str
	queue: str
	status: str
	method: str
	site: str
	description: str
	enqueued_at: datetime | None
	started_at: datetime | None
	ended_at: datetime | None
	worker: str
	timeout: timedelta | None
	exception: str = ""
	#: False when the queue still lists the id but the job's own record is gone.
	exists: bool = True


@dataclass(frozen=True)
class Worker:
	"""A worker process as it registered itself. Times are UTC."""

	name: str
	queues: tuple[str, ...]
	state: str
	current_job: str
	pid: int
	host: str
	born_at: datetime | None
	last_heartbeat: datetime | None


@dataclass(frozen=True)
class RegistryEntry:
	"""One id in a registry; ``expires_at`` is RQ's score, None where the job never expires."""

	id: str
	expires_at: datetime | None


class Queues:
	"""The queues of one bench in its queue Redis.

	Args:
		redis: The queue server.
		bench_id: Prefix of the queue names of this bench.
		limits: Time limit in seconds per short queue name, custom queues included.
	"""

	def __init__(self, redis: RedisSource, bench_id: str, limits: dict[str, int]) -> None:
		self.redis = redis
		self.bench_id = bench_id
		self.limits = limits

	def key_name(self, queue: str) -> str:
		"""Return the name that RQ knows a queue of this bench by."""
		return f"{self.bench_id}:{queue}"

	def names(self) -> tuple[str, ...]:
		"""Return the short names of this bench's queues: the configured ones and those found in Redis."""
		with self.redis.client() as client:
			found = {_text(name).removeprefix("rq:queue:") for name in client.smembers("rq:queues")}
		prefix = f"{self.bench_id}:"
		mine = {name.removeprefix(prefix) for name in found if name.startswith(prefix)}
		return tuple(sorted(mine | set(self.limits)))

	def length(self, queue: str) -> int:
		"""Return how many jobs wait in a queue, of all sites."""
		with self.redis.client() as client:
			return int(client.llen(f"rq:queue:{self.key_name(queue)}"))

	def registry_length(self, queue: str, registry: str) -> int:
		"""Return how many ids a registry holds, of all sites."""
		with self.redis.client() as client:
			return int(client.zcard(self._registry_key(queue, registry)))

	def waiting_ids(self, queue: str) -> list[str]:
		"""Return the ids of the jobs that wait in a queue, oldest first, of all sites."""
		key = f"rq:queue:{self.key_name(queue)}"
		ids: list[str] = []
		with self.redis.client() as client:
			while page := client.lrange(key, len(ids), len(ids) + PAGE - 1):
				ids.extend(_text(item) for item in page)
		return ids

	def registry_ids(self, queue: str, registry: str) -> list[RegistryEntry]:
		"""Return the ids of a registry, soonest to expire first, of all sites."""
		key = self._registry_key(queue, registry)
		entries: list[RegistryEntry] = []
		with self.redis.client() as client:
			while page := client.zrange(key, len(entries), len(entries) + PAGE - 1, withscores=True):
				entries.extend(_entry(_text(member), score, registry) for member, score in page)
		return entries

	def jobs(self, ids: Sequence[str], *, with_exception: bool = False) -> list[Job]:
		"""Read jobs by id, in the order given.

		Args:
			ids: Full ids, as the registries hold them.
			with_exception: Also read the last exception text of each.
		"""
		jobs: list[Job] = []
		for start in range(0, len(ids), 500):
			jobs.extend(self._page_of_jobs(ids[start : start + 500], with_exception))
		return jobs

	def _page_of_jobs(self, ids: Sequence[str], with_exception: bool) -> list[Job]:
		with self.redis.client() as client:
			pipeline = client.pipeline(transaction=False)
			for job_id in ids:
				pipeline.hmget(f"rq:job:{job_id}", _JOB_FIELDS)
				if with_exception:
					pipeline.xrevrange(f"rq:results:{job_id}", count=1)
					pipeline.hget(f"rq:job:{job_id}", "exc_info")
			answers = pipeline.execute()
		step = 3 if with_exception else 1
		return [
			_job(
				job_id,
				answers[number * step],
				_exception(*answers[number * step + 1 : number * step + 3]) if with_exception else "",
			)
			for number, job_id in enumerate(ids)
		]

	def workers(self) -> list[Worker]:
		"""Return the workers that listen to a queue of this bench, without those that said goodbye."""
		return [worker for worker in self.all_workers() if worker.queues]

	def all_workers(self) -> list[Worker]:
		"""Return every worker in this Redis; ``queues`` holds only this bench's short queue names."""
		with self.redis.client() as client:
			keys = [_text(key) for key in client.smembers("rq:workers")]
			pipeline = client.pipeline(transaction=False)
			for key in keys:
				pipeline.hmget(key, _WORKER_FIELDS)
			answers = pipeline.execute()
		workers = [
			_worker(key, values, f"{self.bench_id}:") for key, values in zip(keys, answers, strict=True)
		]
		return sorted((worker for worker in workers if worker is not None), key=lambda worker: worker.name)

	def _registry_key(self, queue: str, registry: str) -> str:
		return f"rq:{REGISTRIES[registry]}:{self.key_name(queue)}"


def belongs_to(job_id: str, site: str) -> bool:
	"""Tell whether a job id is of a site. ``erp`` does not own the jobs of ``erp2``."""
	return job_id.startswith(tuple(site + separator for separator in SEPARATORS))


def of_site(ids: Iterable[str], site: str) -> list[str]:
	"""Return the ids that belong to a site."""
	return [job_id for job_id in ids if belongs_to(job_id, site)]


def site_of(job_id: str) -> str:
	"""Return the site in a job id; empty when it names none."""
	for separator in SEPARATORS:
		if separator in job_id:
			return job_id.partition(separator)[0]
	return ""


def _entry(member: str, score: float, registry: str) -> RegistryEntry:
	# RQ 2 keeps `<job id>:<execution id>` among the started jobs. Frappe 16 keeps colons out of its ids, so
	# a single colon there can only be RQ's own; in Frappe 15 every id holds the double colon of its site.
	if registry == "started" and "||" in member:
		member = member.rpartition(":")[0] or member
	expires = None if score in (0, float("inf"), -1) else datetime.fromtimestamp(score, UTC)
	return RegistryEntry(member, expires)


def _job(job_id: str, values: Sequence[bytes | None], exception: str) -> Job:
	found = dict(zip(_JOB_FIELDS, (_text(value) for value in values), strict=True))
	description = found["description"]
	return Job(
		id=job_id,
		queue=found["origin"].rpartition(":")[2],
		status=found["status"],
		method=_argument("method", description) or _argument("job_name", description) or _called(description),
		site=_argument("site", description) or site_of(job_id),
		description=description,
		enqueued_at=_time(found["enqueued_at"] or found["created_at"]),
		started_at=_time(found["started_at"]),
		ended_at=_time(found["ended_at"]),
		worker=found["worker_name"],
		timeout=_seconds(found["timeout"]),
		exception=exception,
		exists=any(value is not None for value in values),
	)


def _worker(key: str, values: Sequence[bytes | None], prefix: str) -> Worker | None:
	found = dict(zip(_WORKER_FIELDS, (_text(value) for value in values), strict=True))
	if not found["birth"] or found["death"]:
		return None
	queues = [name for name in found["queues"].split(",") if name.startswith(prefix)]
	return Worker(
		name=key.removeprefix("rq:worker:"),
		queues=tuple(name.removeprefix(prefix) for name in queues),
		state=found["state"],
		current_job=found["current_job"],
		pid=int(found["pid"]) if found["pid"].isdigit() else 0,
		host=found["hostname"],
		born_at=_time(found["birth"]),
		last_heartbeat=_time(found["last_heartbeat"]),
	)


def _argument(name: str, description: str) -> str:
	"""Return a keyword argument of a job's description; of the job itself, not of its nested ``kwargs``."""
	outside = re.sub(r"kwargs=\{.*?\}(?=, \w+=|\)$)", "", description, flags=re.DOTALL)
	found = re.search(rf"(?<![\w']){_ARGUMENT.format(name)}", outside)
	return next((part for part in found.groups() if part), "") if found else ""


def _called(description: str) -> str:
	return description.partition("(")[0]


def _exception(results: Any, exc_info: bytes | None) -> str:
	if results:
		_, fields = results[0]
		packed = fields.get(b"exc_string")
		if packed:
			return _unpack(packed, encoded=True)
	return _unpack(exc_info, encoded=False) if exc_info else ""


def _unpack(packed: bytes, *, encoded: bool) -> str:
	"""Unpack a text of RQ, up to the limit; its end, where the exception stands, may then be lost."""
	try:
		raw = base64.b64decode(packed) if encoded else packed
		return zlib.decompressobj().decompress(raw, LARGEST_TEXT).decode("utf-8", "replace")
	except (ValueError, zlib.error):
		return packed[:LARGEST_TEXT].decode("utf-8", "replace")


def _text(value: bytes | str | None) -> str:
	return value.decode("utf-8", "replace") if isinstance(value, bytes) else value or ""


def _time(text: str) -> datetime | None:
	try:
		parsed = datetime.fromisoformat(text.replace("Z", "+00:00"))
	except ValueError:
		return None
	return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _seconds(text: str) -> timedelta | None:
	try:
		return timedelta(seconds=int(float(text)))
	except (ValueError, OverflowError):
		return None
