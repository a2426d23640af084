"""Which imports took in only some of their rows?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.imports import _runs as imports
from recovery_console.core.checks.imports._runs import Logged, Run
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Partial(Check):
	"""Which imports of the last days went through to their end, but with rows that failed?

	Cost: reads the imports of the window; counts their log rows when there are some, from their day on.
	"""

	title = _("Imports with failed rows")
	needs = (imports.DATA_IMPORT, imports.LOG)

	window: timedelta = timedelta(days=7)

	def run(self, site: Site) -> Answer:
		candidates = imports.runs(site, self.window, "Partial Success")
		logs = imports.logged(site, candidates)
		found = [run for run in candidates if run.name in logs and self._ended(site, run, logs[run.name])]
		rows = imports.failed_rows(site, found)
		yield self.measure(partial=len(found), failed_rows=sum(len(numbers) for numbers in rows.values()))
		if not found:
			return
		reasons = imports.reasons(site, found)
		yield self.warning(
			_("Imports that left out some of their rows: {count}. Failed records: {failed}."),
			cause=_("The others are in. The most frequent error: {reason}"),
			remedy=_(
				"Open each import and press Export Errored Rows, correct these rows in the file, attach it again,"
				" and press Retry: rows that are in are skipped."
			),
			subjects=[run.subject for run in found],
			failed=sum(logs[run.name].failed for run in found),
			reason=next(iter(reasons), ""),
			reasons=reasons,
			rows={name: imports.shown(numbers) for name, numbers in rows.items()},
			window_days=self.window.days,
		)

	def _ended(self, site: Site, run: Run, log: Logged) -> bool:
		if not log.failed:
			return False
		if run.total is not None:
			return log.records >= run.total
		# A Bank Statement Import does not say how many records it has: one without a live job has ended.
		return not imports.alive(site, imports.jobs(site, [run]).get(run.name))
