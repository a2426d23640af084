"""Take old warnings off imports whose file was corrected."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.checks.imports import _runs as imports
from recovery_console.core.checks.imports._runs import DATA_IMPORT
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed, rows_named
from recovery_console.core.site import Site


@dataclass(frozen=True)
class ClearTemplateWarnings(Action):
	"""Delete the warnings about their file that imports keep from their last start.

	Frappe makes them anew when it looks at the file: those that still hold come back.
	"""

	title = _("Clear the warnings of imports")
	risk = Risk.REVERSIBLE
	needs = (DATA_IMPORT,)
	checks = ("imports.template_warnings",)

	names: tuple[str, ...] = ()
	window: timedelta = timedelta(days=7)
	most: int = 100

	def plan(self, site: Site) -> Plan:
		found = imports.runs(site, self.window, "Pending", "Partial Success", "Error", "Timed Out")
		held = {run.name: run for run in found if imports.serious(run.warnings)}
		unknown = [name for name in self.names if name not in held]
		if unknown:
			raise UsageError(
				f"There is no import {unknown[0]!r} that warnings hold up.",
				remedy="Take the names from the finding.",
			)
		now = site.ago(timedelta(0))
		batches = [
			batch(run.doctype, run.name, changed(run.doctype, row, template_warnings="", modified=now))
			for run in (held[name] for name in self.names or held)
			for row in rows_named(site, run.doctype, [run.name], ("template_warnings", "modified"))
		]
		return self.planned(
			site,
			_("Imports whose warnings are cleared: {count}"),
			batches,
			most=self.most,
			warnings=[
				_(
					"Correct the file before: a warning that still holds stops the import again, without a word."
				)
			],
		)
