"""Unlock documents that a dead job left locked."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.config._files import LARGEST, in_bench
from recovery_console.core.backends.files import StoredFile
from recovery_console.core.checks.config.locks import stale_locks
from recovery_console.core.checks.jobs._started import begun_jobs
from recovery_console.core.edits import ABSENT, FileText
from recovery_console.core.errors import SourceUnavailable, UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class UnlockDocuments(Action):
	"""Delete lock files of documents that are older than a job may take.

	The name of such a file does not tell which document it locks. While jobs of this site run, it is refused unless
	``although_jobs_run`` says that none of them works on these documents: a document could be posted twice.
	"""

	title = _("Unlock documents")
	risk = Risk.REVERSIBLE
	checks = ("config.locks",)

	older_than: timedelta = timedelta(hours=1)
	although_jobs_run: bool = False

	def plan(self, site: Site) -> Plan:
		stale = stale_locks(site, self.older_than)
		running = self._running(site)
		if stale and running and not self.although_jobs_run:
			raise UsageError(
				f"Jobs of this site are running ({', '.join(running[:3])}); one of them may hold such a lock.",
				remedy="Wait until they end, or say although_jobs_run=yes once you know what they work on.",
			)
		return self.planned(
			site,
			_("Documents to unlock: {count}"),
			[self._removed(site, lock) for lock in sorted(stale, key=lambda lock: lock.path.name)],
			oldest=min((lock.modified for lock in stale), default=None),
			jobs_running=running[:20],
		)

	@staticmethod
	def _running(site: Site) -> list[str]:
		try:
			return sorted({found.job.does for found in begun_jobs(site) if not found.dead})
		except SourceUnavailable:
			return []  # without its Redis no worker runs anything

	@staticmethod
	def _removed(site: Site, lock: StoredFile) -> Batch:
		name = in_bench(site, lock.path)
		edit = FileText(name, site.files.read_bytes(lock.path, LARGEST), ABSENT, lock.mode)
		return batch("Path", name, edit)
