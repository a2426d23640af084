"""Move jobs to a queue that is served."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.jobs._moves import (
	Record,
	known_queue,
	origin_changed,
	out_of_list,
	queue_key,
	records,
)
from recovery_console.core.backends.queues import of_site
from recovery_console.core.checks.jobs._workers import muster
from recovery_console.core.edits import ABSENT, Edit, ListEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

MOST_IDS = 50_000
#: So many queues of other benches are looked through.
MOST_QUEUES = 100


@dataclass(frozen=True)
class MoveStranded(Action):
	"""Move this site's jobs out of queues that nobody serves.

	Such as a queue that was taken out of the configuration, or those under a former name of the bench.
	A job goes to the queue of the same short name where workers listen, else to ``queue``. An id whose record Redis
	has deleted is taken off the list.
	"""

	title = _("Move jobs to a queue that is served")
	risk = Risk.DISRUPTIVE
	checks = ("jobs.misdirected", "jobs.unserved_queues")

	queue: str = "long"
	most: int = 5000

	def plan(self, site: Site) -> Plan:
		served = {queue for queue in site.queue.names() if muster(site).serving(queue)}
		if self.queue not in served:
			raise UsageError(
				f"No worker serves the queue {self.queue[:100]}.",
				remedy=f"Name one that is served: {', '.join(sorted(served)) or 'there is none, start the workers'}.",
			)
		batches: list[Batch] = []
		sources: dict[str, int] = {}
		for name in self._unserved(site, served):
			ids = site.queue.first_ids(name, MOST_IDS)
			if stranded := of_site(ids, site.name):
				sources[name] = len(stranded)
				batches += self._moved(site, name, ids, stranded, served)
		return self.planned(
			site,
			_("Jobs to move to a queue that is served: {count}"),
			batches,
			most=self.most,
			warnings=[_("They are done at once, however long they have waited: see whether all still hold.")]
			if batches
			else [],
			sources=sources,
		)

	@staticmethod
	def _unserved(site: Site, served: set[str]) -> list[str]:
		prefix = f"{site.queue.bench_id}:"
		found = []
		for name in site.queue.all_names():
			if name.startswith(prefix):
				if (
					name.removeprefix(prefix) not in served
					and name.removeprefix(prefix) not in site.queue.limits
				):
					found.append(name)
			elif not site.queue.registered(name)[0]:
				found.append(name)
		return found[:MOST_QUEUES]

	def _moved(
		self, site: Site, source: str, ids: list[str], stranded: list[str], served: set[str]
	) -> list[Batch]:
		short = source.rpartition(":")[2]
		target = short if short in served else self.queue
		fields = records(site, stranded)
		out = out_of_list(f"rq:queue:{source}".encode(), ids, stranded)
		return [
			batch(
				"RQ Job",
				job_id,
				edit,
				*self._into(site, job_id, fields[job_id], target),
				why=f"{source} → {site.queue.key_name(target)}",
			)
			for job_id, edit in out.items()
		]

	@staticmethod
	def _into(site: Site, job_id: str, record: Record, target: str) -> list[Edit]:
		if record[b"status"] is ABSENT:
			return []
		into = ListEdit("queue", queue_key(site, target), job_id.encode(), before=False, after=True)
		return [*origin_changed(site, job_id, record, target), *known_queue(site, target), into]
