"""Try an import without keeping anything."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.imports import _restart as restart
from recovery_console.core.checks.imports._runs import DATA_IMPORT, LOG
from recovery_console.core.edits import Act
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class DryRun(Action):
	"""Let Frappe import each row of a Data Import and take it back at once, and say which rows would fail and why.

	The rows that are in already are left out. No mail is sent, no job started, nothing kept.
	"""

	title = _("Try an import without keeping anything")
	risk = Risk.READ
	needs = (DATA_IMPORT, LOG)
	checks = ("imports.template_warnings", "imports.partial")

	name: str
	#: At the most so many records.
	most: int = 500

	def plan(self, site: Site) -> Plan:
		(state,) = restart.states(site, (self.name,), restart.REACH)
		if state.run.doctype != DATA_IMPORT:
			raise UsageError(
				f"{self.name!r} is a {state.run.doctype}, which cannot be tried.",
				remedy="Name a Data Import.",
			)
		if not state.run.has_source or state.alive:
			raise UsageError(
				f"The import {self.name!r} has no file, or is at work now.",
				remedy="Attach a file, or wait for its end.",
			)
		act = Act(
			"Try the import", DATA_IMPORT, self.name, {"name": self.name, "most": self.most}, frappe=True
		)
		return self.planned(
			site,
			_("Try the import {name} without keeping anything"),
			[batch(DATA_IMPORT, self.name, act)],
			warnings=[
				_(
					"What an app's own code does outside the database, such as calling another service, is not taken back."
				)
			],
			name=self.name,
			records=state.run.total,
		)
