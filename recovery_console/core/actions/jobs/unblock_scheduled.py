"""Let scheduled jobs start again that the remains of an earlier run block."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.jobs._moves import job_key, out_of_list, queue_key
from recovery_console.core.actions.jobs._started import wip_members
from recovery_console.core.backends.rq_records import Job
from recovery_console.core.checks.jobs._job_types import scheduled_ids
from recovery_console.core.checks.jobs.blocked import stale_jobs
from recovery_console.core.edits import ABSENT, Edit, SortedSetEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.keys import removed
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class UnblockScheduled(Action):
	"""Delete the record of a scheduled job that counts as queued or started and is neither.

	The scheduler queues the job type again by itself when it is next due.
	"""

	title = _("Unblock scheduled jobs")
	risk = Risk.REVERSIBLE
	needs = ("Scheduled Job Type",)
	checks = ("jobs.blocked",)

	#: Names of Scheduled Job Types.
	names: tuple[str, ...] = ()

	def plan(self, site: Site) -> Plan:
		types = scheduled_ids(site)
		stale = {types[job.id][0]: job for job in stale_jobs(site, types)}
		unknown = [name for name in self.names if name not in stale]
		if unknown:
			raise UsageError(
				f"{', '.join(unknown)[:200]} is no Scheduled Job Type that is blocked.",
				remedy="Name one that the finding jobs.blocked lists, or none for all of them.",
			)
		chosen = {name: job for name, job in stale.items() if not self.names or name in self.names}
		return self.planned(
			site,
			_("Scheduled jobs to unblock: {count}"),
			[self._batch(site, name, job) for name, job in chosen.items()],
			methods=sorted(types[job.id][1] for job in chosen.values()),
		)

	@staticmethod
	def _batch(site: Site, name: str, job: Job) -> Batch:
		edits: list[Edit] = []
		if job.queue:
			member = wip_members(site, job.queue).get(job.id)
			if member:
				key = f"rq:wip:{site.queue.key_name(job.queue)}".encode()
				edits.append(SortedSetEdit("queue", key, member[0], member[1], ABSENT))
			taken = site.queue.taken_ids(job.queue)
			if job.id in taken:
				edits.append(
					out_of_list(queue_key(site, f"{job.queue}:intermediate"), taken, [job.id])[job.id]
				)
		edits += removed(site.queue.redis, [job_key(job.id)]).values()
		return batch("Scheduled Job Type", name, *edits, why=f"RQ Job {job.id}")
