"""What several faults do to the keys of RQ."""

from __future__ import annotations

from tests.support.sample import SampleSite


def worker_of(site: SampleSite, queue: str) -> str:
	"""Return the name of the healthy worker of a queue."""
	(key,) = site.queue.smembers(f"rq:workers:{site.queue_key(queue)}")
	return key.decode().removeprefix("rq:worker:")


def lose_workers(site: SampleSite, *queues: str) -> None:
	"""Let the workers of these queues go without a trace, as after a power cut and eight minutes."""
	for queue in queues:
		site.queue.delete(f"rq:worker:{worker_of(site, queue)}")


def lose_from_queue(site: SampleSite, queue: str, job_id: str) -> None:
	"""Take a job out of its queue and leave its record, as a worker that dies between the two does."""
	site.queue.lrem(f"rq:queue:{site.queue_key(queue)}", 0, job_id)


def scheduled_job(site: SampleSite, method: str) -> str:
	"""Return the unprefixed id under which the scheduler queues a job type."""
	if site.frappe == 15:
		return f"scheduled_job::{method}"
	name = site.value("Scheduled Job Type", {"method": method}, "name")
	return f"scheduled_job||{name}"


def job_type(site: SampleSite, method: str) -> str:
	"""Return the name of a job type, which differs by version."""
	return str(site.value("Scheduled Job Type", {"method": method}, "name"))
