"""Which workers are alive."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.rq_records import Worker
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: An idle worker reports every 405 s, and RQ forgets it after 480.
IDLE_SILENCE = timedelta(seconds=435)
#: A busy worker reports every 30 s, and RQ forgets it after 90.
BUSY_SILENCE = timedelta(seconds=90)


@dataclass(frozen=True)
class Muster:
	"""The workers that are registered for queues of this bench, by whether they live."""

	alive: tuple[Worker, ...]
	silent: tuple[Worker, ...]

	@property
	def names(self) -> frozenset[str]:
		"""Names of those that live."""
		return frozenset(worker.name for worker in self.alive)

	def serving(self, queue: str) -> int:
		"""Return how many live workers listen to a queue."""
		return sum(queue in worker.queues for worker in self.alive)


def muster(site: Site) -> Muster:
	"""Call the roll of this bench's workers, once for all checks."""
	return site.remember("jobs.workers", lambda: _muster(site))


def _muster(site: Site) -> Muster:
	workers = site.queue.workers()
	here = [worker for worker in workers if worker.host == site.host.name]
	connected = site.queue.connected() if here else None
	alive = [worker for worker in workers if _lives(site, worker, connected)]
	return Muster(tuple(alive), tuple(worker for worker in workers if worker not in alive))


def _lives(site: Site, worker: Worker, connected: frozenset[str] | None) -> bool:
	age = silence(site, worker)
	if age is None or age > limit(worker):
		return False
	# A worker that was killed a moment ago: its process is gone, and so is the connection that bears its name.
	# The connection tells it apart from one that lives in a container of the same host name.
	gone = worker.host == site.host.name and worker.pid and not site.host.is_running(worker.pid)
	return not (gone and connected is not None and worker.name not in connected)


def silence(site: Site, worker: Worker) -> timedelta | None:
	"""Return how long ago a worker last reported."""
	return None if worker.last_heartbeat is None else site.now() - worker.last_heartbeat


def limit(worker: Worker) -> timedelta:
	"""Return after which silence a worker counts as dead."""
	return BUSY_SILENCE if worker.state == "busy" else IDLE_SILENCE
