"""Writes workers and jobs into Redis, byte for byte as RQ 1.15.1 (Frappe 15) and RQ 2.3.2 (Frappe 16) do.

`tests/support_tests/test_rq.py` lets the real RQ of either version read what is written here.
"""

from __future__ import annotations

import pickle
import uuid
import zlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Literal

import redis

from tests.support.doctypes import Frappe

Status = Literal["queued", "started", "failed", "finished", "deferred", "scheduled", "canceled", "stopped"]
EXECUTE = "frappe.utils.background_jobs.execute_job"
TRUNCATE = "frappe.utils.background_jobs.truncate_failed_registry"
RQ_VERSION: dict[int, str] = {15: "1.15.1", 16: "2.3.2"}
RESULT_TTL = 600
FAILURE_TTL = 7 * 24 * 60 * 60
REGISTRIES: dict[str, str] = {
	"started": "wip",
	"failed": "failed",
	"stopped": "failed",
	"finished": "finished",
	"deferred": "deferred",
	"scheduled": "scheduled",
	"canceled": "canceled",
}


def stamp(moment: datetime | None) -> str:
	"""A time as RQ stores it; empty when there is none."""
	return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if moment else ""


def _short(text: str) -> str:
	return text if len(text) <= 75 else text[:75] + "..."


def description(arguments: Mapping[str, Any]) -> str:
	"""The text that RQ makes of the call: sorted arguments, each cut at 75 characters."""
	return f"{EXECUTE}({', '.join(sorted(f'{k}={_short(repr(v))}' for k, v in arguments.items()))})"


@dataclass
class Job:
	"""A job as it stands in Redis."""

	id: str
	queue: str
	"""The queue's name on the wire: `<bench_id>:default`."""
	site: str
	method: str
	status: Status
	created_at: datetime
	enqueued_at: datetime | None
	started_at: datetime | None = None
	ended_at: datetime | None = None
	last_heartbeat: datetime | None = None
	timeout: int = 300
	user: str = "Administrator"
	kwargs: Mapping[str, Any] = field(default_factory=dict)
	worker: str = ""
	exc: str | None = None
	score: float | None = None
	event: str | None = None
	job_name: str | None = None

	@property
	def arguments(self) -> dict[str, Any]:
		"""What Frappe hands to its `execute_job`."""
		return {
			"site": self.site,
			"user": self.user,
			"method": self.method,
			"event": self.event,
			"job_name": self.job_name or self.method,
			"is_async": True,
			"kwargs": dict(self.kwargs),
		}

	def fields(self, frappe: Frappe) -> dict[Any, Any]:
		"""The hash `rq:job:<id>`."""
		data = pickle.dumps((EXECUTE, None, (), self.arguments), protocol=pickle.HIGHEST_PROTOCOL)
		fields: dict[Any, Any] = {
			"created_at": stamp(self.created_at),
			"data": zlib.compress(data),
			"success_callback_name": "",
			"failure_callback_name": TRUNCATE,
			"stopped_callback_name": "",
			"started_at": stamp(self.started_at),
			"ended_at": stamp(self.ended_at),
			"last_heartbeat": stamp(self.last_heartbeat),
			"worker_name": self.worker,
			"origin": self.queue,
			"description": description(self.arguments),
			"timeout": self.timeout,
			"failure_callback_timeout": 60,
			"result_ttl": RESULT_TTL,
			"failure_ttl": FAILURE_TTL,
			"status": self.status,
		}
		if self.enqueued_at:
			fields["enqueued_at"] = stamp(self.enqueued_at)
		if frappe == 16:
			fields["group_id"] = ""
		return fields


def write_job(
	client: redis.Redis, job: Job, frappe: Frappe, now: datetime, *, at_front: bool = False
) -> None:
	"""Put a job into Redis with every key that RQ would have written by now."""
	key = f"rq:job:{job.id}"
	pipe = client.pipeline()
	pipe.sadd("rq:queues", f"rq:queue:{job.queue}")
	pipe.delete(key)
	pipe.hset(key, mapping=job.fields(frappe))
	if job.status == "queued":
		(pipe.lpush if at_front else pipe.rpush)(f"rq:queue:{job.queue}", job.id)
	else:
		_register(pipe, job, frappe, now)
	pipe.execute()


def _register(pipe: redis.client.Pipeline, job: Job, frappe: Frappe, now: datetime) -> None:
	ended = (job.ended_at or now).timestamp()
	member = job.id
	score = ended
	if job.status == "started":
		score = (job.last_heartbeat or now).timestamp() + 90
		if frappe == 16:
			member = _write_execution(pipe, job, now)
	elif job.status in ("failed", "stopped"):
		score = ended + FAILURE_TTL
		_write_result(pipe, job, {"type": 2 if job.status == "failed" else 3}, FAILURE_TTL, ended)
		pipe.expire(f"rq:job:{job.id}", FAILURE_TTL)
	elif job.status == "finished":
		score = ended + RESULT_TTL
		_write_result(pipe, job, {"type": 1}, RESULT_TTL, ended)
		pipe.expire(f"rq:job:{job.id}", RESULT_TTL)
	score = job.score if job.score is not None else int(score)
	pipe.zadd(f"rq:{REGISTRIES[job.status]}:{job.queue}", {member: score})


def _write_result(
	pipe: redis.client.Pipeline, job: Job, payload: dict[str, str | int], ttl: int, ended: float
) -> None:
	if job.exc is not None:
		payload["exc_string"] = b64encode(zlib.compress(job.exc.encode())).decode()
	pipe.xadd(f"rq:results:{job.id}", payload, id=f"{int(ended * 1000)}-0", maxlen=10)  # type: ignore[arg-type]
	pipe.expire(f"rq:results:{job.id}", ttl)


def _write_execution(pipe: redis.client.Pipeline, job: Job, now: datetime) -> str:
	"""RQ 2 keeps one record per attempt; it expires 90 s after the last heartbeat, its registry entry does not."""
	execution = uuid.uuid4().hex
	member = f"{job.id}:{execution}"
	beat = (job.last_heartbeat or now).timestamp()
	started = (job.started_at or now).timestamp()
	if beat + 90 > now.timestamp():
		record: dict[Any, Any] = {"id": execution, "created_at": started, "last_heartbeat": beat}
		pipe.hset(f"rq:execution:{member}", mapping=record)
		pipe.zadd(f"rq:executions:{job.id}", {execution: int(beat) + 90 + 60})
	return member


@dataclass
class Worker:
	"""A worker process as RQ shows it."""

	name: str
	queues: Sequence[str]
	birth: datetime
	last_heartbeat: datetime
	state: str = "idle"
	current_job: str | None = None
	pid: int = 4242
	hostname: str = "bench-host"
	successful: int = 120
	failed: int = 0
	working_seconds: float = 84.0

	@property
	def key(self) -> str:
		"""Where it stands in Redis."""
		return f"rq:worker:{self.name}"


def write_worker(client: redis.Redis, worker: Worker, frappe: Frappe, ttl: int | None = None) -> None:
	"""Register a worker; its key expires as RQ's does, 480 s idle and 90 s busy, unless `ttl` says otherwise."""
	fields: dict[Any, Any] = {
		"birth": stamp(worker.birth),
		"last_heartbeat": stamp(worker.last_heartbeat),
		"queues": ",".join(worker.queues),
		"pid": worker.pid,
		"hostname": worker.hostname,
		"ip_address": "127.0.0.1:40376",
		"version": RQ_VERSION[frappe],
		"python_version": "3.11.7 (main, Jan  1 2026, 00:00:00) [GCC 12.2.0]",
		"state": worker.state,
		"successful_job_count": worker.successful,
		"failed_job_count": worker.failed,
		"total_working_time": worker.working_seconds,
	}
	if worker.current_job:
		fields["current_job"] = worker.current_job
		fields["current_job_working_time"] = 1.0
	pipe = client.pipeline()
	pipe.delete(worker.key)
	pipe.hset(worker.key, mapping=fields)
	pipe.sadd("rq:workers", worker.key)
	for queue in worker.queues:
		pipe.sadd(f"rq:workers:{queue}", worker.key)
		pipe.sadd("rq:queues", f"rq:queue:{queue}")
	pipe.expire(worker.key, ttl if ttl is not None else 90 if worker.state == "busy" else 480)
	pipe.execute()
