"""Try the rows again that an import left out."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.imports import _restart as restart
from recovery_console.core.actions.imports._restart import State
from recovery_console.core.checks.imports._runs import DATA_IMPORT, LOG
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class RetryFailedRows(Action):
	"""Try the failed rows of imports again that went through to their end; rows that are in are skipped.

	Without names: every import of the window that has failed rows. Rows that failed because they change nothing are
	left as they are.
	"""

	title = _("Try failed rows again")
	risk = Risk.DISRUPTIVE
	needs = (DATA_IMPORT, LOG)
	checks = ("imports.partial", "imports.failed", "imports.timed_out")

	names: tuple[str, ...] = ()
	window: timedelta = timedelta(days=7)
	most: int = 20

	def plan(self, site: Site) -> Plan:
		batches: list[Batch] = []
		left_out: list[LeftOut] = []
		rows = 0
		for state in restart.states(site, self.names, self.window):
			why = self._why_not(state)
			if why is not None:
				left_out += [restart.left(state, why)] if why else []
				continue
			again = restart.to_try_again(state)
			rows += len(again)
			batches.append(restart.starting(site, state, again))
		return self.planned(
			site,
			_("Failed records to try again: {rows}; imports: {count}"),
			batches,
			most=self.most,
			warnings=[
				*(
					[
						_(
							"What made them fail must be put right first, or they fail again: see the errors in the log."
						)
					]
					if rows
					else []
				),
				*(restart.needs(site) if batches else []),
			],
			left_out=left_out,
			rows=rows,
		)

	def _why_not(self, state: State) -> str | None:
		"""Return why an import is left out; empty where nobody expects it, None where it is started."""
		broke_off = state.run.status == "Error" and not state.log
		if not broke_off and not state.failed:
			return _("None of its rows failed.") if self.names else ""
		if not broke_off and not state.is_complete:
			return _("It stopped half-way; imports.resume goes on with it.")
		if not broke_off and not restart.to_try_again(state):
			return _("Its failed rows change nothing: the documents hold these values already.")
		return restart.no_source(state) or None
