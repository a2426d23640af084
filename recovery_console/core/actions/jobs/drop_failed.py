"""Drop failed jobs."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.jobs._failed import FailedJob, Selection, failed_jobs
from recovery_console.core.actions.jobs._moves import job_key, results_key
from recovery_console.core.edits import ABSENT, KeyEdit, SortedSetEdit
from recovery_console.core.finding import _
from recovery_console.core.keys import removed
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class DropFailed(Action):
	"""Take failed jobs off the list; the journal keeps each with all that Redis knows of it.

	Those that nobody wants any more fill the list of failed jobs, and then Frappe deletes the newest failures.
	"""

	title = _("Drop failed jobs")
	risk = Risk.REVERSIBLE
	checks = ("jobs.failed", "jobs.failed_registry")

	names: tuple[str, ...] = ()
	method: str = ""
	error: str = ""
	older_than: timedelta = timedelta(0)
	most: int = 1000

	def plan(self, site: Site) -> Plan:
		found = failed_jobs(site, Selection(self.names, self.method, self.error, self.older_than))
		risky = sorted({item.job.does for item in found if str(item.rule.safety) in ("money", "mail")})
		kept = removed(
			site.queue.redis,
			[key for item in found for key in (job_key(item.job.id), results_key(item.job.id))],
		)
		return self.planned(
			site,
			_("Failed jobs to drop: {count}"),
			[self._batch(site, item, kept) for item in found],
			most=self.most,
			warnings=[
				_(
					"Among them are jobs that deal with money or mail: {0}. Make sure that their work was done another way."
				).format(", ".join(risky[:5]))
			]
			if risky
			else [],
			jobs=dict(Counter(f"{item.job.does} ({item.death.error})" for item in found).most_common(10)),
		)

	@staticmethod
	def _batch(site: Site, item: FailedJob, kept: dict[bytes, KeyEdit]) -> Batch:
		job_id = item.job.id
		key = f"rq:failed:{site.queue.key_name(item.queue)}".encode()
		wanted = (job_key(job_id), results_key(job_id))
		return batch(
			"RQ Job",
			job_id,
			SortedSetEdit("queue", key, job_id.encode(), item.score, ABSENT),
			*(kept[name] for name in wanted if name in kept),
			why=f"{item.job.does} ({item.death.error})",
		)
