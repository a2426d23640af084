"""Are there runs that began and never ended?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pypika import Order

from recovery_console.core.backends.sql import DocTable
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.scheduler._log import DOCTYPE as LOG
from recovery_console.core.checks.scheduler._log import log_table, within
from recovery_console.core.checks.scheduler._types import DOCTYPE, job_types
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class StuckRuns(Check):
	"""Are there runs of scheduled jobs that began and neither completed nor failed?

	Cost: two counts over the window's log rows, and up to 20 rows each.
	"""

	title = _("Scheduled runs that never ended")
	needs = (LOG, DOCTYPE)
	explained_by = ("jobs.abandoned", "jobs.overtime")

	#: How far back the log is read.
	window: timedelta = timedelta(days=7)
	#: A run may end this long after the time limit of its queue.
	margin: timedelta = timedelta(minutes=10)

	def run(self, site: Site) -> Answer:
		methods = {found.name: found.method for found in job_types(site)}
		t = log_table()
		total, rows = 0, []
		for found in stuck_conditions(site, t, self.window, self.margin):
			count = site.db.count(site.db.from_(t).where(found))
			rows += self._sample(site, t, found) if count else []
			total += count
		yield self.measure(stuck_runs=total)
		if not total:
			return
		began = [when for row in rows if (when := site.moment(row["creation"]))]
		oldest: datetime = min(began)
		yield self.warning(
			_("Runs of scheduled jobs that began and never ended: {count}."),
			cause=_(
				"They stand in Start longer than they may run: their worker was killed, mostly by a restart or for lack of"
				" memory. The oldest began {age} ago. What they had saved stays; the rest was not done: {methods}."
			),
			remedy=_(
				"Such a job runs again when it is next due. If one must not wait, open it under Scheduled Job Type in"
				" Desk and choose Execute. The row itself stays until the log is cleared."
			),
			subjects=[(LOG, str(row["name"])) for row in rows],
			count=total,
			age=in_words(site.now() - oldest),
			oldest=oldest,
			newest=max(began),
			methods=", ".join(
				sorted({methods.get(row["scheduled_job_type"], row["scheduled_job_type"]) for row in rows})[
					:5
				]
			),
		)

	@staticmethod
	def _sample(site: Site, t: Any, found: Any) -> list[dict[str, Any]]:
		return site.db.run(
			site.db.from_(t)
			.select(t["name"], t.scheduled_job_type, t.creation)
			.where(found)
			.orderby(t.creation, order=Order.asc)
			.limit(20)
		)


def stuck_conditions(site: Site, t: DocTable, window: timedelta, margin: timedelta) -> Iterator[Any]:
	"""Yield the conditions of rows that stand in Start for too long: those of the long queue, and the others."""
	is_long = t.scheduled_job_type.isin([found.name for found in job_types(site) if found.is_long] or [""])
	for queue, condition in (("long", is_long), ("default", is_long.negate())):
		stuck = (t.status == "Start") & (t.creation < site.ago(site.queue.limit(queue) + margin))
		yield within(site, t, window) & stuck & condition
