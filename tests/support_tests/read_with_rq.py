"""Run by an interpreter that has RQ: prints what RQ makes of the jobs and workers in a Redis, as JSON."""

# ruff: noqa: T201

import json
import sys
from typing import Any

from redis import Redis
from rq import Queue, Worker
from rq.job import Job
from rq.registry import BaseRegistry, FailedJobRegistry, FinishedJobRegistry, StartedJobRegistry


def job_facts(job_id: str, connection: "Redis") -> "dict[str, object]":
	job = Job.fetch(job_id, connection=connection)
	result = job.latest_result()
	status = job.get_status(refresh=False)
	return {
		"status": getattr(status, "value", status),
		"origin": job.origin,
		"description": job.description,
		"own_description": job.get_call_string(),
		"kwargs": job.kwargs,
		"timeout": job.timeout,
		"exc": result.exc_string if result else None,
		"result_type": result.type.name if result else None,
		"started_at": str(job.started_at),
	}


def ids(registry: "BaseRegistry") -> "list[str]":
	rows: Any = registry.connection.zrange(registry.key, 0, -1)
	parse = getattr(registry, "parse_job_id", lambda text: text)
	return [parse(row.decode()) for row in rows]


def main(url: str, queue_name: str) -> None:
	connection = Redis.from_url(url)
	queue = Queue(queue_name, connection=connection)
	found = {
		"queued": queue.get_job_ids(),
		"started": ids(StartedJobRegistry(queue_name, connection=connection)),
		"failed": ids(FailedJobRegistry(queue_name, connection=connection)),
		"finished": ids(FinishedJobRegistry(queue_name, connection=connection)),
	}
	jobs = {job_id: job_facts(job_id, connection) for kind in found.values() for job_id in kind}
	workers = [
		{
			"name": worker.name,
			"queues": worker.queue_names(),
			"state": worker.get_state(),
			"heartbeat": str(worker.last_heartbeat),
			"version": worker.version,
			"job": worker.get_current_job_id(),
		}
		for worker in Worker.all(connection=connection)
	]
	queues = [other.name for other in Queue.all(connection=connection)]
	print(json.dumps({"lists": found, "jobs": jobs, "workers": workers, "queues": queues}, default=str))


if __name__ == "__main__":
	main(*sys.argv[1:])
