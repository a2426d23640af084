"""What RQ keeps of jobs, workers and registries, read as text: nothing is unpickled."""

from __future__ import annotations

import base64
import re
import zlib
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from recovery_console.core.record import dataclass
from recovery_console.core.times import UTC

#: The two ways in which Frappe joins a site to a job id: version 15 and version 16.
SEPARATORS = ("::", "||")
#: Of a longer exception text only this many bytes at its end are kept, where the exception itself stands.
LARGEST_TEXT = 256 * 1024
#: An exception text is not unpacked beyond this many bytes.
MOST_UNPACKED = 8 * 1024 * 1024
#: What RQ puts after a value that it cut short.
CUT = "..."

JOB_FIELDS = (
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
WORKER_FIELDS = (
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


def site_of(job_id: str) -> str:
	"""Return the site in a job id; empty when it names none."""
	for separator in SEPARATORS:
		if separator in job_id:
			return job_id.partition(separator)[0]
	return ""


def read_entry(member: str, score: float, registry: str) -> RegistryEntry:
	# RQ 2 keeps `<job id>:<execution id>` among the started jobs. Frappe 16 keeps colons out of its ids, so
	# a single colon there can only be RQ's own; in Frappe 15 every id holds the double colon of its site.
	if registry == "started" and "||" in member:
		member = member.rpartition(":")[0] or member
	expires = None if score in (0, float("inf"), -1) else datetime.fromtimestamp(score, UTC)
	return RegistryEntry(member, expires)


def read_job(job_id: str, values: Sequence[bytes | None], exception: str) -> Job:
	found = dict(zip(JOB_FIELDS, (text_of(value) for value in values), strict=True))
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


def read_worker(key: str, values: Sequence[bytes | None], prefix: str) -> Worker | None:
	found = dict(zip(WORKER_FIELDS, (text_of(value) for value in values), strict=True))
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


def read_exception(results: Any, exc_info: bytes | None) -> str:
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


def text_of(value: bytes | str | None) -> str:
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
