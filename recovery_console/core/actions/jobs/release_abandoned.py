"""Release jobs that a dead worker left behind."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.jobs._ids import chosen
from recovery_console.core.actions.jobs._moves import (
	Record,
	failed_now,
	out_of_list,
	put_back,
	queue_key,
	records,
)
from recovery_console.core.actions.jobs._started import wip_members
from recovery_console.core.checks.jobs._safety import Safety, classify
from recovery_console.core.checks.jobs._started import Begun, begun_jobs
from recovery_console.core.edits import ABSENT, Edit, SortedSetEdit
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class ReleaseAbandoned(Action):
	"""Take jobs whose worker is gone out of the started ones.

	A job that a worker took and never began goes back to its queue, and so does one that may run twice. Any other goes
	to the failed jobs, where a person decides: it may have done half of its work.
	"""

	title = _("Release abandoned jobs")
	risk = Risk.REVERSIBLE
	checks = ("jobs.abandoned", "jobs.blocked")

	names: tuple[str, ...] = ()
	most: int = 500

	def plan(self, site: Site) -> Plan:
		dead = {found.job.id: found for found in begun_jobs(site) if found.dead}
		ids = chosen(site, self.names, dead, "the jobs of this site whose worker is gone")
		fields = records(site, ids)
		members = {queue: wip_members(site, queue) for queue in {dead[job_id].queue for job_id in ids}}
		batches = [self._batch(site, dead[job_id], fields[job_id], members) for job_id in ids]
		return self.planned(
			site,
			_("Jobs to release whose worker is gone: {count}"),
			batches,
			most=self.most,
			back_in_queue=sum(_may_run(dead[job_id]) for job_id in ids),
			to_the_failed=sum(not _may_run(dead[job_id]) for job_id in ids),
		)

	@staticmethod
	def _batch(
		site: Site, found: Begun, record: Record, members: dict[str, dict[str, tuple[bytes, float]]]
	) -> Batch:
		job_id, queue = found.job.id, found.queue
		edits: list[Edit] = []
		if job_id in members[queue]:
			member, score = members[queue][job_id]
			key = f"rq:wip:{site.queue.key_name(queue)}".encode()
			edits.append(SortedSetEdit("queue", key, member, score, ABSENT))
		taken = site.queue.taken_ids(queue)
		if job_id in taken:
			key = queue_key(site, f"{queue}:intermediate")
			edits.append(out_of_list(key, taken, [job_id])[job_id])
		if _may_run(found):
			why = _("Back in its queue: it never began, or may run twice.")
			edits += put_back(site, job_id, record, queue)
		else:
			why = _("To the failed jobs: how far it came must be looked at.")
			text = _("Moved to FailedJobRegistry, due to AbandonedJobError, at {0}").format(site.now())
			edits += failed_now(site, job_id, record, queue, text)
		return batch("RQ Job", job_id, *edits, why=why)


def _may_run(found: Begun) -> bool:
	never_begun = found.job.status == "queued"
	return never_begun or classify(found.job.does).safety is Safety.IDEMPOTENT
