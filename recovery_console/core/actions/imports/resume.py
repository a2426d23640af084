"""Go on with imports that stopped half-way."""

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
class Resume(Action):
	"""Start imports again that stopped before their last row: rows that are in are skipped, all others are tried.

	Without this Frappe would also skip the rows that failed before it stopped.
	"""

	title = _("Go on with an interrupted import")
	risk = Risk.DISRUPTIVE
	needs = (DATA_IMPORT, LOG)
	checks = ("imports.interrupted", "imports.timed_out")

	names: tuple[str, ...] = ()
	#: Also try the rows again that failed before it stopped.
	failed_too: bool = True
	window: timedelta = timedelta(days=7)
	most: int = 20

	def plan(self, site: Site) -> Plan:
		batches: list[Batch] = []
		left_out: list[LeftOut] = []
		warnings: list[str] = []
		counts = {"done": 0, "failed": 0, "lost": 0}
		for state in restart.states(site, self.names, self.window):
			why = self._why_not(state)
			if why is not None:
				left_out += [restart.left(state, why)] if why else []
				continue
			rows = restart.to_try_again(state) if self.failed_too else []
			lost = restart.lost_row(site, state)
			batches.append(restart.starting(site, state, [*rows, *([lost] if lost else [])]))
			warnings += self._warnings(site, state, lost=bool(lost))
			counts["done"] += len(state.done)
			counts["failed"] += len(rows)
			counts["lost"] += bool(lost)
		return self.planned(
			site,
			_("Interrupted imports to go on with: {count}"),
			batches,
			most=self.most,
			warnings=[*warnings, *(restart.needs(site) if batches else [])],
			left_out=left_out,
			**counts,
		)

	def _why_not(self, state: State) -> str | None:
		"""Return why an import is left out; empty where nobody expects it, None where it is started."""
		stopped = state.run.status == "Timed Out" or (
			bool(state.log)
			and not state.is_complete
			and (state.run.total is not None or state.run.status != "Error")
		)
		if not stopped:
			return _("It was not interrupted.") if self.names else ""
		if state.is_complete:
			return _("All its rows were tried; imports.retry_failed_rows tries those again that failed.")
		return restart.no_source(state) or None

	@staticmethod
	def _warnings(site: Site, state: State, *, lost: bool) -> list[str]:
		said = []
		name = state.run.name
		if lost:
			said.append(
				_("{0}: its last logged document is not there; its row is imported again.").format(name)
			)
		others = restart.unlogged(site, state)
		if others:
			said.append(
				_(
					"{0}: these documents were made right after its last logged row and are not in its log: {1}. Should"
					" one of them come from this file, its row comes in a second time; see before you agree."
				).format(name, ", ".join(others[:5]))
			)
		return said
