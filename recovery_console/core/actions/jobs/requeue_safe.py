"""Repeat failed jobs that do no harm when they run twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.jobs._failed import FailedJob, Selection, failed_jobs
from recovery_console.core.actions.jobs._requeue import left_out, requeued
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

SHOWN = 20


@dataclass(frozen=True)
class RequeueSafe(Action):
	"""Put failed jobs back in their queue, those only that may run twice.

	These are jobs of Frappe and ERPNext that pass over what is done, and jobs that failed in a deadlock or waited too
	long for a lock and were undone by the database as a whole. Jobs that deal with money or mail are never among
	them, nor is a job that the console does not know: see ``jobs.requeue_named``.
	"""

	title = _("Repeat failed jobs that do no harm")
	risk = Risk.REVERSIBLE
	checks = ("jobs.failed",)

	names: tuple[str, ...] = ()
	method: str = ""
	error: str = ""
	older_than: timedelta = timedelta(0)
	most: int = 200

	def plan(self, site: Site) -> Plan:
		found = failed_jobs(site, Selection(self.names, self.method, self.error, self.older_than))
		safe = [item for item in found if item.may_be_repeated]
		batches, gone = requeued(site, safe)
		return self.planned(
			site,
			_("Failed jobs to repeat: {count}"),
			batches,
			most=self.most,
			warnings=[_("Mend first what they died of, or they fail again.")] if batches else [],
			left_out=[*self._unsafe(found), *gone][:SHOWN],
			failed=len(found),
		)

	@staticmethod
	def _unsafe(found: list[FailedJob]) -> Iterator[LeftOut]:
		for item in found:
			if item.job.status == "stopped":
				yield LeftOut(Subject("RQ Job", item.job.id), _("Somebody stopped it."))
			elif not item.may_be_repeated:
				yield left_out(item)
