"""RQ's queues, registries, jobs and workers, read key by key.

Calling RQ itself would clean registries in passing and run the failure callbacks of abandoned jobs in our
process; unpickling a job runs code. The texts that are read here (``description`` and the result stream) name
site, method and exception all the same.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from redis.exceptions import ResponseError

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
#: Of a longer exception text only this many bytes at its end are kept, where the exception itself stands.
LARGEST_TEXT = 256 * 1024
#: An exception text is not unpacked beyond this many bytes.
MOST_UNPACKED = 8 * 1024 * 1024
#: What RQ puts after a value that it cut short.
CUT = "..."

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
#: How Frappe names the scheduler's own jobs, before and after version 16 swapped the colons.
_SCHEDULED = re.compile(r"scheduled_job(?:::|\|\|)(.+)")


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
	last_heartbeat: datetime | None
	worker: str
	timeout: timedelta | None
	exception: str = ""
	#: False when the queue still lists the id but the job's own record is gone.
	exists: bool = True

	@property
	def does(self) -> str:
		"""What the job is for: its method, or that of the job type which the scheduler runs through it.

		RQ cuts long names short; such a name ends in ``...``.
		"""
		return scheduled_method(self) or self.method


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
	#: Full names of all queues it listens to, those of other benches included.
	all_queues: tuple[str, ...] = ()


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

	def all_names(self) -> tuple[str, ...]:
		"""Return the full names of all queues in this Redis, those of other benches included."""
		with self.redis.client() as client:
			return tuple(
				sorted(_text(name).removeprefix("rq:queue:") for name in client.smembers("rq:queues"))
			)

	def names(self) -> tuple[str, ...]:
		"""Return the short names of this bench's queues: the configured ones and those found in Redis."""
		prefix = f"{self.bench_id}:"
		mine = {name.removeprefix(prefix) for name in self.all_names() if name.startswith(prefix)}
		return tuple(sorted(mine | set(self.limits)))

	def limit(self, queue: str) -> timedelta:
		"""Return how long a job of a queue may run when it does not say so itself."""
		return timedelta(seconds=self.limits.get(queue, STANDARD_QUEUES["default"]))

	def length(self, queue: str) -> int:
		"""Return how many jobs wait in a queue, of all sites."""
		with self.redis.client() as client:
			return int(client.llen(f"rq:queue:{self.key_name(queue)}"))

	def first_ids(self, full_name: str, most: int) -> list[str]:
		"""Return the ids at the head of a queue of any bench, by the queue's full name."""
		with self.redis.client() as client:
			return [_text(item) for item in client.lrange(f"rq:queue:{full_name}", 0, most - 1)]

	def taken_ids(self, queue: str) -> list[str]:
		"""Return the ids that a worker has taken from a queue and not yet begun, of all sites."""
		return self.first_ids(f"{self.key_name(queue)}:intermediate", PAGE)

	def registry_length(self, queue: str, registry: str) -> int:
		"""Return how many ids a registry holds, of all sites."""
		with self.redis.client() as client:
			return int(client.zcard(self._registry_key(queue, registry)))

	def waiting_ids(self, queue: str, most: int | None = None) -> list[str]:
		"""Return the ids of the jobs that wait in a queue, oldest first, of all sites.

		Args:
			queue: Short name of the queue.
			most: Stop after about so many.
		"""
		key = f"rq:queue:{self.key_name(queue)}"
		ids: list[str] = []
		with self.redis.client() as client:
			while (most is None or len(ids) < most) and (
				page := client.lrange(key, len(ids), len(ids) + PAGE - 1)
			):
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

	def suspended(self) -> bool:
		"""Tell whether somebody suspended all workers of this Redis."""
		with self.redis.client() as client:
			return bool(client.exists("rq:suspended"))

	def connected(self) -> frozenset[str] | None:
		"""Return the names of the connections that are open now, workers' among them; None if not allowed."""
		with self.redis.client() as client:
			try:
				return frozenset(str(found.get("name", "")) for found in client.client_list())
			except ResponseError:
				return None

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

	def registered(self, full_name: str) -> tuple[int, int]:
		"""Return how many workers are registered for a queue of any bench: with a record, and without one.

		Those without one went without saying goodbye, and their record has expired.
		"""
		with self.redis.client() as client:
			keys = client.smembers(f"rq:workers:{full_name}")
			pipeline = client.pipeline(transaction=False)
			for key in keys:
				pipeline.exists(key)
			present = sum(bool(found) for found in pipeline.execute()) if keys else 0
		return present, len(keys) - present

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
		method=_method(description),
		site=_argument("site", description) or site_of(job_id),
		description=description,
		enqueued_at=_time(found["enqueued_at"] or found["created_at"]),
		started_at=_time(found["started_at"]),
		ended_at=_time(found["ended_at"]),
		last_heartbeat=_time(found["last_heartbeat"]),
		worker=found["worker_name"],
		timeout=_seconds(found["timeout"]),
		exception=exception,
		exists=any(value is not None for value in values),
	)


def _worker(key: str, values: Sequence[bytes | None], prefix: str) -> Worker | None:
	found = dict(zip(_WORKER_FIELDS, (_text(value) for value in values), strict=True))
	if not found["birth"] or found["death"]:
		return None
	all_queues = tuple(name for name in found["queues"].split(",") if name)
	return Worker(
		name=key.removeprefix("rq:worker:"),
		queues=tuple(name.removeprefix(prefix) for name in all_queues if name.startswith(prefix)),
		state=found["state"],
		current_job=found["current_job"],
		pid=int(found["pid"]) if found["pid"].isdigit() else 0,
		host=found["hostname"],
		born_at=_time(found["birth"]),
		last_heartbeat=_time(found["last_heartbeat"]),
		all_queues=all_queues,
	)


def scheduled_method(job: Job) -> str:
	"""Return the method of the job type that the scheduler runs through this job; empty when it is none."""
	if not (found := _SCHEDULED.search(job.id)):
		return ""
	if "." in found[1]:
		return found[1]
	inner = re.search(r"'job_type': '([^']*)(')?", job.description)
	return (inner[1] if inner[2] else inner[1].rstrip(".") + CUT) if inner else found[1]


def _method(description: str) -> str:
	method = _argument("method", description)
	name = _argument("job_name", description)
	if "." not in method and name.endswith(f".{method}"):
		return name  # queued as a function, of which only the name is written down
	return method or name or description.partition("(")[0]


def _argument(name: str, description: str) -> str:
	"""Return an argument of Frappe's own call: ``site``, ``method`` or ``job_name``.

	RQ sorts the arguments and cuts each value at 75 characters, closing quote and all. Behind ``kwargs``, which
	may hold anything, come ``method``, ``site`` and ``user``: these are looked for from the end.
	"""
	ends = len(description)
	for known in ("user", "site", "method"):
		begins = description.rfind(f", {known}=", 0, ends)
		if known == name:
			return _unquoted(description[begins + len(known) + 3 : ends]) if begins >= 0 else ""
		ends = begins if begins >= 0 else ends
	found = re.search(rf"[(, ]{name}=(.*?)(?:, kwargs=|$)", description, re.DOTALL)
	return _unquoted(found[1]) if found else ""


def _unquoted(value: str) -> str:
	if function := re.match(r"<function ([\w.<>]+) at", value):
		return function[1]
	if value[:1] not in ("'", '"'):
		return ""
	end = value.find(value[0], 1)
	return value[1:end] if end > 0 else value[1:].removesuffix(CUT) + CUT


def _exception(results: Any, exc_info: bytes | None) -> str:
	if results:
		_, fields = results[0]
		packed = fields.get(b"exc_string")
		if packed:
			return _unpack(packed, encoded=True)
	return _unpack(exc_info, encoded=False) if exc_info else ""


def _unpack(packed: bytes, *, encoded: bool) -> str:
	"""Unpack a text of RQ and keep its end."""
	try:
		rest = base64.b64decode(packed) if encoded else packed
		unpacker = zlib.decompressobj()
		pieces: deque[bytes] = deque(maxlen=2)
		unpacked = 0
		while rest and unpacked < MOST_UNPACKED:
			pieces.append(unpacker.decompress(rest, LARGEST_TEXT))
			unpacked += len(pieces[-1])
			rest = unpacker.unconsumed_tail
		return b"".join(pieces)[-LARGEST_TEXT:].decode("utf-8", "replace")
	except (ValueError, zlib.error):
		return packed[-LARGEST_TEXT:].decode("utf-8", "replace")


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
