"""Start imports that were filled in and never began."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.imports import _restart as restart
from recovery_console.core.checks.imports._runs import DATA_IMPORT, LOG
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Start(Action):
	"""Start imports whose job was lost before the first row, and named ones that nobody started."""

	title = _("Start imports that never began")
	risk = Risk.DISRUPTIVE
	needs = (DATA_IMPORT, LOG)
	checks = ("imports.pending",)

	#: Imports without a job at all are started only when they are named: perhaps nobody meant to start them.
	names: tuple[str, ...] = ()
	window: timedelta = timedelta(days=7)
	most: int = 20

	def plan(self, site: Site) -> Plan:
		batches: list[Batch] = []
		left_out: list[LeftOut] = []
		for state in restart.states(site, self.names, self.window):
			if state.run.status != "Pending" or state.log:
				if self.names:
					left_out.append(restart.left(state, _("It has begun already.")))
				continue
			why = restart.no_source(state)
			if not why and not self.names and state.job is None:
				why = _(
					"Nobody started it, or its job was lost with the queue's memory: name it to start it."
				)
			if why:
				left_out.append(restart.left(state, why))
			else:
				batches.append(restart.starting(site, state, []))
		return self.planned(
			site,
			_("Imports to start: {count}"),
			batches,
			most=self.most,
			warnings=restart.needs(site) if batches else [],
			left_out=left_out[:20],
		)
