"""Which imports failed as a whole?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.imports import _runs as imports
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Failed(Check):
	"""Which imports of the last days ended in an error?

	Cost: reads the imports of the window; counts their log rows when there are some, from their day on.
	"""

	title = _("Imports that failed")
	needs = (imports.DATA_IMPORT, imports.LOG)

	window: timedelta = timedelta(days=7)

	def run(self, site: Site) -> Answer:
		candidates = imports.runs(site, self.window, "Error")
		logs = imports.logged(site, candidates)
		# One that broke off in its middle is the business of imports.interrupted.
		found = [run for run in candidates if run.name not in logs or not logs[run.name].stops_short(run)]
		yield self.measure(failed=len(found))
		if not found:
			return
		reasons = imports.reasons(site, found)
		yield self.warning(
			_("Imports that failed: {count}."),
			cause=_("Their records ended in errors, most often: {reason}")
			if reasons
			else _("The import broke off before its first record; its Error Log entry says why."),
			remedy=_(
				"Open each import: its log shows the error of every row. Correct the file, attach it again, and"
				" press Retry."
			)
			if reasons
			else _('Look for "import failed" in the Error Log list, correct the file, and press Retry.'),
			subjects=[run.subject for run in found],
			reason=next(iter(reasons), ""),
			reasons=reasons,
			newest=found[0].changed,
			into=sorted({run.into for run in found}),
			window_days=self.window.days,
		)
