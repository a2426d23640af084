"""Take workers that are gone off the roll."""

from __future__ import annotations

from collections import defaultdict

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.backends.rq_records import Worker, text_of
from recovery_console.core.checks.jobs._workers import muster
from recovery_console.core.edits import Edit, SetEdit
from recovery_console.core.finding import Subject, _
from recovery_console.core.keys import removed
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

WORKERS = b"rq:workers"


@dataclass(frozen=True)
class ForgetWorkers(Action):
	"""Remove the registration of workers that fell silent, or whose record has expired.

	A worker that listens to a queue of another bench, too, is left alone. One that is not dead after all registers
	itself again only when it is restarted.
	"""

	title = _("Forget workers that are gone")
	risk = Risk.REVERSIBLE
	checks = ("jobs.workers",)

	def plan(self, site: Site) -> Plan:
		prefix = f"{site.queue.bench_id}:"
		silent = [
			worker for worker in muster(site).silent if all(q.startswith(prefix) for q in worker.all_queues)
		]
		shared = [worker for worker in muster(site).silent if worker not in silent]
		return self.planned(
			site,
			_("Workers to forget that are gone: {count}"),
			[*(self._silent(site, worker) for worker in silent), *self._vanished(site)],
			warnings=[_("Start new ones in their place: bench restart, or the supervisor of the bench.")],
			left_out=[
				LeftOut(Subject("RQ Worker", worker.name), _("It serves another bench, too."))
				for worker in shared
			],
			alive=len(muster(site).alive),
		)

	@staticmethod
	def _silent(site: Site, worker: Worker) -> Batch:
		key = f"rq:worker:{worker.name}".encode()
		sets = [WORKERS, *(f"rq:workers:{queue}".encode() for queue in worker.all_queues)]
		return batch(
			"RQ Worker",
			worker.name,
			*_out_of(site, key, sets),
			*removed(site.queue.redis, [key]).values(),
			why=_("It no longer reports."),
		)

	@staticmethod
	def _vanished(site: Site) -> list[Batch]:
		"""Return those that still stand in a queue's roll and have no record any more."""
		found: dict[bytes, list[bytes]] = defaultdict(list)
		with site.queue.redis.client() as client:
			for queue in site.queue.names():
				roll = f"rq:workers:{site.queue.key_name(queue)}".encode()
				for key in client.smembers(roll):
					if not client.exists(key):
						found[key].append(roll)
		return [
			batch(
				"RQ Worker",
				text_of(key).removeprefix("rq:worker:"),
				*_out_of(site, key, [WORKERS, *rolls]),
				why=_("Its record has expired."),
			)
			for key, rolls in sorted(found.items())
		]


def _out_of(site: Site, key: bytes, sets: list[bytes]) -> list[Edit]:
	with site.queue.redis.client() as client:
		return [
			SetEdit("queue", name, key, before=True, after=False)
			for name in sets
			if client.sismember(name, key)
		]
