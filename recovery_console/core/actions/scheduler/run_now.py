"""Queue scheduled jobs that are overdue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.scheduler._chosen import chosen
from recovery_console.core.checks.jobs._safety import Safety, classify
from recovery_console.core.checks.scheduler._types import DOCTYPE, JobType, active_types, overdue_since
from recovery_console.core.edits import Act
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class RunNow(Action):
	"""Queue job types that should have run long ago, or those that are named, once and now.

	Frappe queues them as its own button Execute does. One that deals with money is queued only when it is named.
	"""

	title = _("Run overdue scheduled jobs")
	risk = Risk.DISRUPTIVE
	needs = (DOCTYPE,)
	checks = ("scheduler.overdue", "scheduler.never_run")

	names: tuple[str, ...] = ()
	#: So long after it was due a job counts as overdue.
	older_than: timedelta = timedelta(minutes=30)
	most: int = 50

	def plan(self, site: Site) -> Plan:
		late = [found for found in active_types(site) if self._is_late(site, found)]
		wanted = chosen(active_types(site), self.names) if self.names else late
		risky = [found for found in wanted if not self.names and _is_risky(found)]
		return self.planned(
			site,
			_("Scheduled jobs to queue now: {count}"),
			[
				batch(
					DOCTYPE,
					found.name,
					Act(
						_("queue it once"),
						DOCTYPE,
						found.name,
						{"type": found.name, "since": site.db_time(site.now()).isoformat()},
						frappe=True,
					),
					why=found.method,
				)
				for found in wanted
				if found not in risky
			],
			most=self.most,
			left_out=list(_left_out(risky)),
			overdue={found.method: self._age(site, found) for found in wanted[:20]},
		)

	def _is_late(self, site: Site, found: JobType) -> bool:
		since = overdue_since(site, found)
		return since is not None and site.db_time(site.now()) - since > self.older_than

	@staticmethod
	def _age(site: Site, found: JobType) -> str:
		since = overdue_since(site, found)
		return in_words(site.db_time(site.now()) - since) if since else "-"


def _is_risky(found: JobType) -> bool:
	return classify(found.method).safety is Safety.MONEY


def _left_out(types: list[JobType]) -> Iterator[LeftOut]:
	for found in types:
		yield LeftOut(Subject(DOCTYPE, found.name), _("It deals with money: name it if it is to run now."))
