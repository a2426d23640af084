"""Repeat failed jobs that a person has looked at."""

from __future__ import annotations

from collections import Counter

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.jobs._failed import FailedJob, Selection, failed_jobs
from recovery_console.core.actions.jobs._requeue import requeued
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class RequeueNamed(Action):
	"""Put the named failed jobs back in their queue, whatever they do.

	A job that deals with money or mail may collect, post or send twice what its first run did already: name only
	jobs whose first run you have looked at. Once a worker has taken a job, this cannot be taken back.
	"""

	title = _("Repeat named failed jobs")
	risk = Risk.DISRUPTIVE
	checks = ("jobs.failed",)

	names: tuple[str, ...]
	most: int = 50

	def plan(self, site: Site) -> Plan:
		found = failed_jobs(site, Selection(self.names))
		batches, gone = requeued(site, found)
		return self.planned(
			site,
			_("Failed jobs to repeat: {count}"),
			batches,
			most=self.most,
			warnings=self._warnings(found),
			left_out=gone,
			safety=dict(Counter(str(item.rule.safety) for item in found)),
		)

	@staticmethod
	def _warnings(found: list[FailedJob]) -> list[str]:
		told = {f"{item.job.does}: {item.rule.reason}" for item in found if not item.may_be_repeated}
		if any(item.job.status == "stopped" for item in found):
			told.add(_("One of them was stopped by somebody: ask why before it runs again."))
		return sorted(told)
