"""Which imports ran into their time limit?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.imports import _runs as imports
from recovery_console.core.checks.imports._runs import Logged
from recovery_console.core.checks.imports._stopped import advice
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class TimedOut(Check):
	"""Which imports ran into the time limit of their job, and what would a new start skip?

	Cost: reads the imports of the window; counts their log rows when there are some, from their day on.
	"""

	title = _("Imports that ran out of time")
	needs = (imports.DATA_IMPORT, imports.LOG)

	window: timedelta = timedelta(days=7)

	def run(self, site: Site) -> Answer:
		found = imports.runs(site, self.window, "Timed Out")
		logs = imports.logged(site, found)
		for run in found:
			log = logs.get(run.name, Logged())
			yield self.warning(
				_("The import {name} ran out of time: {logged} of {of} records were tried."),
				cause=_("Frappe ends an import after 10,000 seconds; this file takes longer."),
				logged=log.records,
				of=run.total or _("all its"),
				**advice(site, run, log),
			)
