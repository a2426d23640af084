"""What all parts of the engine need."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from recovery_console.core import verification
from recovery_console.core.action import Action
from recovery_console.core.approval import RefusedError
from recovery_console.core.errors import ConsoleError
from recovery_console.core.finding import Status
from recovery_console.core.journal import Journal
from recovery_console.core.making import Interrupted
from recovery_console.core.people import MANAGER, OPERATOR, Actor
from recovery_console.core.run import EntryKind, Run, RunState, may_become
from recovery_console.core.runbook import Runbook
from recovery_console.core.runs import kill_switch
from recovery_console.core.times import UTC
from recovery_console.core.writable import WritableSite

#: A step whose source does not answer is tried again so often, each time after twice as long.
MOST_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=15)

#: Called at every boundary with its name, so that a test can end the process there.
Boundary = Callable[[str], None]
Progress = Callable[[Run], None]


@dataclasses.dataclass(frozen=True)
class Base:
	"""What an engine works with, and the entries that it writes.

	Args:
		open_site: Opens the site to be repaired; called anew for every step, so that nothing stale is believed.
		journal: Where runs are kept.
		actions: The actions that there are.
		runbooks: The runbooks that there are.
		on_progress: Called after each entry of the journal with the run as it stands.
		on_boundary: Called at each boundary of a step; a test's hook.
	"""

	open_site: Callable[[], WritableSite]
	journal: Journal
	actions: Mapping[str, type[Action]]
	runbooks: Mapping[str, Runbook]
	on_progress: Progress | None = None
	on_boundary: Boundary = lambda _name: None

	def _check_says(self, check: str, expect: str) -> tuple[bool, str]:
		"""Tell whether a check says what is expected, and what it says."""
		if not check:
			return True, ""
		with self.open_site() as site:
			results = verification.look(site, [check])
		if not results:
			return False, f"This site has no check {check}."
		result = results[0]
		loud = [finding for finding in result.findings if finding.severity.status is not Status.INFO]
		said = (
			" ".join(finding.render(finding.title) for finding in loud)
			or result.reason
			or "Nothing is wrong."
		)
		known = result.status is not Status.UNKNOWN
		return {"ok": known and not loud, "finding": bool(loud), "known": known}[expect], said

	def _append(self, run_id: str, kind: EntryKind, data: Mapping[str, Any], actor: str) -> None:
		self.journal.append(run_id, kind, data, actor)
		self.on_boundary(f"journal {kind}")
		if self.on_progress is not None:
			self.on_progress(self.journal.load(run_id))

	def _state(self, run: Run, state: RunState, actor: str, said: str = "") -> Run:
		"""Let a run come to another state, unless somebody's word about it came while this was being worked out."""
		now = self.journal.load(run.id)
		if now.state is not run.state:
			return now
		if run.state is state and run.said == said:
			return run
		if not may_become(run.state, state):
			raise ConsoleError(
				f"Run {run.id} is {run.state} and cannot become {state}.", remedy="Look at the run again."
			)
		self._append(run.id, EntryKind.STATE, {"state": state.value, "said": said}, actor)
		return self.journal.load(run.id)

	def _end_step(self, run_id: str, number: int, ok: bool, said: str, actor: str) -> Run:
		self._append(run_id, EntryKind.ENDED, {"step": number, "ok": ok, "said": said}, actor)
		return self.journal.load(run_id)

	def _fail(self, run: Run, number: int, said: str, actor: Actor) -> Run:
		state = run.steps[number]
		text = f"“{state.step.title or state.step.check or state.step.action}”: {said}"
		if run.otherwise:
			text += f" Go on with the runbook {run.otherwise}."
		return self._state(run, RunState.FAILED, actor.name, text)

	def _later(self, run: Run, actor: Actor, error: Interrupted) -> Run:
		"""Try again after a while, or stop and ask."""
		number = run.cursor if run.cursor is not None else len(run.steps) - 1
		attempts = run.steps[number].attempts
		if attempts >= MOST_ATTEMPTS:
			return self._state(run, RunState.PAUSED, actor.name, f"{error.message} {error.remedy}")
		at = datetime.now(UTC) + FIRST_WAIT * 2**attempts
		data = {"step": number, "at": at.isoformat(), "said": error.message}
		self._append(run.id, EntryKind.RETRY, data, actor.name)
		return self.journal.load(run.id)

	def _is_stopped(self, run_id: str) -> bool:
		"""Tell whether a person paused or cancelled the run, or switched repairs off, while it is at work."""
		last = self.journal.last(run_id)
		if last is not None and last.kind is EntryKind.STATE and not RunState(last.data["state"]).moves:
			return True
		run = self.journal.load(run_id)
		self._look_at_switch(run.runbook, run.site)
		return not run.state.moves

	def _look_at_switch(self, runbook_id: str, of: str = "") -> None:
		"""Make sure that repairs may be made, and that a run is this site's: a restored backup brings others' runs."""
		with self.open_site() as site:
			reason = kill_switch(site, runbook_id)
			name = site.name
		if of not in ("", name):
			raise RefusedError(
				f"This is a run of the site {of}, not of {name}.",
				remedy="Cancel it, and plan the runbook here.",
			)
		if reason:
			raise RefusedError(reason, remedy="Switch it on again there, and resume the run.")

	@staticmethod
	def _look_at_role(actor: Actor) -> None:
		if not (actor.has(OPERATOR) or actor.has(MANAGER)):
			raise RefusedError(
				f"{actor.name} may not change runs.", remedy=f"It takes the role {OPERATOR} or {MANAGER}."
			)
