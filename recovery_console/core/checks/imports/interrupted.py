"""Which imports stopped half-way?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.imports import _runs as imports
from recovery_console.core.checks.imports._runs import Logged, Run
from recovery_console.core.checks.imports._stopped import advice
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Interrupted(Check):
	"""Which imports stopped before their last row, with no job at work on them, and what would a new start skip?

	Cost: reads the imports of the window; counts their log rows when there are some, from their day on, and asks
	the queue for their jobs.
	"""

	title = _("Imports that stopped half-way")
	needs = (imports.DATA_IMPORT, imports.LOG)
	explained_by = ("jobs.abandoned",)

	window: timedelta = timedelta(days=7)

	def run(self, site: Site) -> Answer:
		candidates = imports.runs(site, self.window, "Pending", "Partial Success", "Error")
		logs = imports.logged(site, candidates)
		open_ended = [run for run in candidates if run.name in logs and self._unfinished(run, logs[run.name])]
		if not open_ended:
			return
		jobs = imports.jobs(site, open_ended)
		for run in open_ended:
			if imports.alive(site, jobs.get(run.name)):
				continue
			log = logs[run.name]
			yield self.warning(
				_("The import {name} stopped half-way: {logged} of {of} records were tried.")
				if run.total
				else _("The import {name} stopped half-way, after {logged} records."),
				cause=_("An error between two rows ended it; the Error Log has it.")
				if run.status == "Error"
				else _("Its job ended with its worker (memory, restart, update); none is at work on it now."),
				logged=log.records,
				of=run.total,
				**advice(site, run, log),
			)

	def _unfinished(self, run: Run, log: Logged) -> bool:
		if run.total is not None:
			return log.stops_short(run)
		# Without a total: had it come to its end without a failure, its status would be Success.
		return run.status == "Partial Success" and log.done > 0 and log.failed == 0
