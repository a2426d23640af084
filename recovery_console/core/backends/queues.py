"""RQ's queues, registries, jobs and workers, read key by key.

Calling RQ itself would clean registries in passing and run the failure callbacks of abandoned jobs in our
process; unpickling a job runs code. The texts that are read here (``description`` and the result stream) name
site, method and exception all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from redis.exceptions import ResponseError

from recovery_console.core.backends.redis import RedisSource
from recovery_console.core.backends.rq_records import (
	JOB_FIELDS,
	SEPARATORS,
	WORKER_FIELDS,
	Job,
	RegistryEntry,
	Worker,
	read_entry,
	read_exception,
	read_job,
	read_worker,
	text_of,
)

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
#: Ids are read in pieces of this size, so that no single command holds Redis up.
PAGE = 5_000


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
				sorted(text_of(name).removeprefix("rq:queue:") for name in client.smembers("rq:queues"))
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
			return [text_of(item) for item in client.lrange(f"rq:queue:{full_name}", 0, most - 1)]

	def taken_ids(self, queue: str) -> list[str]:
		"""Return the ids that a worker has taken from a queue and not yet begun, of all sites."""
		return self.first_ids(f"{self.key_name(queue)}:intermediate", PAGE)

	def parked_key(self, queue: str) -> bytes:
		"""Return the list in which the console holds jobs of a queue back. Workers do not know it."""
		return f"rq:recovery-parked:{self.key_name(queue)}".encode()

	def parked_ids(self, queue: str) -> list[str]:
		"""Return the ids that are held back, of all sites, in order."""
		with self.redis.client() as client:
			return [text_of(item) for item in client.lrange(self.parked_key(queue), 0, -1)]

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
				ids.extend(text_of(item) for item in page)
		return ids

	def registry_ids(self, queue: str, registry: str) -> list[RegistryEntry]:
		"""Return the ids of a registry, soonest to expire first, of all sites."""
		key = self._registry_key(queue, registry)
		entries: list[RegistryEntry] = []
		with self.redis.client() as client:
			while page := client.zrange(key, len(entries), len(entries) + PAGE - 1, withscores=True):
				entries.extend(read_entry(text_of(member), score, registry) for member, score in page)
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
				pipeline.hmget(f"rq:job:{job_id}", JOB_FIELDS)
				if with_exception:
					pipeline.xrevrange(f"rq:results:{job_id}", count=1)
					pipeline.hget(f"rq:job:{job_id}", "exc_info")
			answers = pipeline.execute()
		step = 3 if with_exception else 1
		return [
			read_job(
				job_id,
				answers[number * step],
				read_exception(*answers[number * step + 1 : number * step + 3]) if with_exception else "",
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
			keys = [text_of(key) for key in client.smembers("rq:workers")]
			pipeline = client.pipeline(transaction=False)
			for key in keys:
				pipeline.hmget(key, WORKER_FIELDS)
			answers = pipeline.execute()
		workers = [
			read_worker(key, values, f"{self.bench_id}:") for key, values in zip(keys, answers, strict=True)
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
