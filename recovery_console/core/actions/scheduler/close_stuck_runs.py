"""Close runs of scheduled jobs that never ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.checks.scheduler._log import DOCTYPE as LOG
from recovery_console.core.checks.scheduler._log import log_table
from recovery_console.core.checks.scheduler._types import DOCTYPE
from recovery_console.core.checks.scheduler.stuck_runs import stuck_conditions
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site


@dataclass(frozen=True)
class CloseStuckRuns(Action):
	"""Mark log rows of scheduled jobs as failed that stand in Start longer than such a run may take.

	The run itself is long gone; nothing is repeated. The row then says what it was, and counts as the failure that
	it is.
	"""

	title = _("Close runs that never ended")
	risk = Risk.REVERSIBLE
	needs = (LOG, DOCTYPE)
	checks = ("scheduler.stuck_runs",)

	window: timedelta = timedelta(days=7)
	margin: timedelta = timedelta(minutes=10)
	most: int = 1000

	def plan(self, site: Site) -> Plan:
		return self.planned(
			site,
			_("Runs to close that never ended: {count}"),
			[self._closed(site, row) for row in self._rows(site)],
			most=self.most,
		)

	def _rows(self, site: Site) -> Iterator[dict[str, Any]]:
		t = log_table()
		for condition in stuck_conditions(site, t, self.window, self.margin):
			yield from site.db.run(
				site.db.from_(t)
				.select(t["name"], t["status"], t["details"], t["modified"], t["scheduled_job_type"])
				.where(condition)
				.orderby(t["creation"], t["name"])
				.limit(self.most + 1)
			)

	@staticmethod
	def _closed(site: Site, row: dict[str, Any]) -> Batch:
		said = str(row["details"] or "")
		note = _("This run never ended: its worker was killed or lost. Closed by the Recovery Console.")
		return batch(
			LOG,
			row["name"],
			changed(
				LOG,
				row,
				status="Failed",
				details=f"{said}\n{note}".strip(),
				modified=site.ago(timedelta(0)),
			),
			why=str(row["scheduled_job_type"]),
		)
