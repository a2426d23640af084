"""The engine: plans a runbook, takes approvals, makes its changes step by step, verifies, and takes them back.

It knows no queue and no web: a job, `bench` and the break-glass command line call ``advance`` alike, each for as long
as it likes, and any of them can go on where another ended, or died.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from recovery_console.core import approval, verification
from recovery_console.core.action import Action, Risk, build
from recovery_console.core.approval import RefusedError
from recovery_console.core.edits import Target
from recovery_console.core.engine.planning import Planning
from recovery_console.core.engine.requests import Requests
from recovery_console.core.errors import ConsoleError, SourceUnavailable
from recovery_console.core.making import Interrupted, Made, Outcome, make_batch
from recovery_console.core.people import Actor
from recovery_console.core.plan import Plan
from recovery_console.core.run import EntryKind, Run, RunState, StepRun
from recovery_console.core.runbook import Runbook, StepKind
from recovery_console.core.runbook_file import secrets_of
from recovery_console.core.times import UTC, in_words
from recovery_console.core.writable import WritableSite

__all__ = ["Engine", "is_automatic", "needs_frappe"]

#: A run stops and asks when more than this share of its changes, and at least so many, could not be made.
WORST_SHARE = 0.2
FEWEST_BAD = 5
#: Why break-glass goes no further.
_INSIDE = (
	"This step changes documents, which only Frappe can do by its rules. Go on inside the site: "
	"bench --site {} recovery resume {}"
)
#: How often a wait looks whether it is over.
LOOK_AGAIN = timedelta(seconds=10)


class Engine(Planning, Requests):
	"""Runs runbooks on one site. Its fields are those of ``Base``."""

	def advance(self, run_id: str, actor: Actor, given: Mapping[str, Any] | None = None) -> Run:
		"""Do the next step of a run, and return how it stands. Where it cannot go on, nothing happens.

		Args:
			run_id: The run.
			actor: On whose behalf.
			given: Secret parameters, for steps that are planned late; they are written nowhere.

		Raises:
			LockedError: Somebody else is at work on it, or on what it changes.
		"""
		with self.journal.lock([f"run {run_id}"], run_id):
			run = self.journal.load(run_id, anew=True)
			if run.next_attempt is not None and run.next_attempt > datetime.now(UTC):
				return run
			if run.state is RunState.PLANNED:
				run = self._state(run, RunState.RUNNING, actor.name)
			if not run.state.moves:
				return run
			try:
				return self._step(run, actor, given or {})
			except RefusedError as error:
				return self._state(self.journal.load(run_id), RunState.PAUSED, actor.name, str(error))
			except Interrupted as error:
				return self._later(self.journal.load(run_id), actor, error)

	def _step(self, run: Run, actor: Actor, given: Mapping[str, Any]) -> Run:
		self.on_boundary("step")
		self._look_at_switch(run.runbook, run.site)
		if run.undoing:
			return self._take_back(run, actor)
		number = run.cursor
		if number is None:
			return self._verify(run, actor)
		step = run.steps[number].step
		does = {
			StepKind.CHECK: self._check,
			StepKind.WAIT: self._wait,
			StepKind.MANUAL: self._manual,
			StepKind.APPROVAL: self._approval,
			StepKind.ACTION: self._action,
		}[step.kind]
		return does(run, number, actor, given)

	def _check(self, run: Run, number: int, actor: Actor, _given: Mapping[str, Any]) -> Run:
		step = run.steps[number].step
		ok, said = self._check_says(step.check, step.expect)
		if ok:
			return self._end_step(run.id, number, True, said, actor.name)
		if step.expect == "finding" and not run.made:
			return self._state(run, RunState.ABANDONED, actor.name, f"There is nothing to repair: {said}")
		return self._fail(run, number, said, actor)

	def _wait(self, run: Run, number: int, actor: Actor, _given: Mapping[str, Any]) -> Run:
		state = run.steps[number]
		if state.begun is None:
			self._append(run.id, EntryKind.BEGUN, {"step": number}, actor.name)
		ok, said = self._check_says(state.step.check, "ok")
		if ok:
			return self._end_step(run.id, number, True, said, actor.name)
		now = datetime.now(UTC)
		if state.begun is not None and now - state.begun > state.step.limit:
			return self._fail(run, number, f"Not within {in_words(state.step.limit)}: {said}", actor)
		data = {"step": number, "at": (now + LOOK_AGAIN).isoformat(), "said": f"Waiting: {said}"}
		self._append(run.id, EntryKind.RETRY, data, actor.name)
		return self.journal.load(run.id)

	def _manual(self, run: Run, number: int, actor: Actor, _given: Mapping[str, Any]) -> Run:
		return self._state(
			run, RunState.PAUSED, actor.name, f"To be done by hand: {run.steps[number].step.title}"
		)

	def _approval(self, run: Run, number: int, actor: Actor, _given: Mapping[str, Any]) -> Run:
		if approval.open_demand(run, self.actions, datetime.now(UTC)) is not None:
			return self._state(run, RunState.AWAITING_APPROVAL, actor.name)
		return self._end_step(run.id, number, True, "Approved.", actor.name)

	def _action(self, run: Run, number: int, actor: Actor, given: Mapping[str, Any]) -> Run:
		if run.steps[number].plan is None:
			try:
				with self.open_site() as site:
					plan = self._planned(site, run.steps[number].step, {**run.parameters, **given})
			except SourceUnavailable as error:
				raise Interrupted(error.message, remedy=error.remedy) from error
			except ConsoleError as error:
				return self._fail(run, number, f"{error.message} {error.remedy}", actor)
			assert plan is not None  # noqa: S101 (an action step always has one)
			self._append(run.id, EntryKind.PLANNED, {"step": number, "plan": plan.as_dict()}, actor.name)
			run = self.journal.load(run.id)
			if not run.state.moves:  # somebody stopped it meanwhile
				return run
		with self.open_site() as site:
			if approval.open_demand(run, self.actions, site.now()) is not None:
				return self._state(run, RunState.AWAITING_APPROVAL, actor.name)
		return self._make_step(run, number, actor, given, undo=False)

	def _make_step(self, run: Run, number: int, actor: Actor, given: Mapping[str, Any], *, undo: bool) -> Run:
		state = run.steps[number]
		plan = state.plan
		assert plan is not None  # noqa: S101 (only steps with a plan are made)
		if plan.action not in self.actions:
			return self._fail(run, number, f"The action {plan.action} is not installed any more.", actor)
		kind = self.actions[plan.action]
		if state.begun is None:
			self._append(run.id, EntryKind.BEGUN, {"step": number}, actor.name)
		names = [f"{kind.family()}: {name}" for name in kind.resources]
		with self.journal.lock(names, run.id), self.open_site() as site:
			site.secrets = secrets_of(state.step, given, kind)
			todo = self._todo(state, undo=undo)
			if (
				site.documents is None
				and todo
				and any(edit.target is Target.DOCUMENTS for edit in plan.edits)
			):
				return self._state(run, RunState.PAUSED, actor.name, _INSIDE.format(run.site, run.id))
			for start in range(0, len(todo), kind.batch_size):
				if self._is_stopped(run.id):
					return self.journal.load(run.id)
				chunk = todo[start : start + kind.batch_size]
				begun = time.monotonic()
				self._make_chunk(site, run.id, number, kind, plan, chunk, state.in_doubt, actor, undo=undo)
				run = self.journal.load(run.id)
				if time.monotonic() - begun > kind.time_limit.total_seconds():
					said = f"{len(chunk)} changes took longer than {in_words(kind.time_limit)}; see why, then resume."
					return self._state(run, RunState.PAUSED, actor.name, said)
				if self._goes_wrong(run.steps[number], undo=undo):
					return self._state(
						run,
						RunState.PAUSED,
						actor.name,
						"Too many of its changes could not be made; see why.",
					)
		return run if undo else self._end_action(run, number, actor)

	@staticmethod
	def _todo(state: StepRun, *, undo: bool) -> list[int]:
		if undo:
			return [n for n in sorted(state.to_take_back, reverse=True) if n not in state.undone]
		assert state.plan is not None  # noqa: S101 (only steps with a plan are made)
		return [number for number in range(state.plan.count) if number not in state.outcomes]

	def _make_chunk(
		self,
		site: WritableSite,
		run_id: str,
		number: int,
		kind: type[Action],
		plan: Plan,
		chunk: list[int],
		in_doubt: tuple[int, ...],
		actor: Actor,
		*,
		undo: bool,
	) -> None:
		self.on_boundary("before making")
		self._append(run_id, EntryKind.MAKING, {"step": number, "batches": chunk, "undo": undo}, actor.name)
		self.on_boundary("making")
		outcomes: dict[str, tuple[str, str]] = {}
		untouched: list[int] = []
		action = build(kind, plan.parameters)
		try:
			for batch_number in chunk:
				batch = plan.batches[batch_number]
				outcome = make_batch(
					site, action, batch.reversed() if undo else batch, again=batch_number in in_doubt
				)
				if undo and outcome.made is Made.ALREADY:
					outcome = Outcome(Made.MADE, outcome.detail)
				outcomes[str(batch_number)] = (outcome.made.value, outcome.detail[:2000])
				self.on_boundary("batch")
		except Interrupted:
			later = chunk[len(outcomes) + 1 :]  # behind the one that was interrupted
			untouched = [left for left in later if left not in in_doubt]
			raise
		finally:  # what is known of the others is kept, also when one of them was interrupted
			data = {"step": number, "outcomes": outcomes, "undo": undo, "untouched": untouched}
			if outcomes or untouched:
				self._append(run_id, EntryKind.MADE, data, actor.name)
		self.on_boundary("made")

	@staticmethod
	def _goes_wrong(state: StepRun, *, undo: bool) -> bool:
		outcomes = state.undone if undo else state.outcomes
		bad = sum(not outcome.made.is_good for outcome in outcomes.values())
		return bad >= FEWEST_BAD and bad > WORST_SHARE * len(outcomes)

	def _end_action(self, run: Run, number: int, actor: Actor) -> Run:
		state = run.steps[number]
		assert state.plan is not None  # noqa: S101 (only steps with a plan are made)
		said = f"{len(state.changed)} of {state.plan.count} made."
		told = dict.fromkeys(
			item.detail for item in state.outcomes.values() if item.made.is_good and item.detail
		)
		if told:  # what came of acts, such as what a trial found
			said += " " + " ".join(list(told)[:5])[:1000]
		if state.bad:
			said += " Not made: " + " ".join(dict.fromkeys(item.detail for item in state.bad.values()))[:1000]
		ok = not state.bad or bool(state.changed)
		if not ok:
			return self._fail(run, number, said, actor)
		return self._end_step(run.id, number, True, said, actor.name)

	def _take_back(self, run: Run, actor: Actor) -> Run:
		for number in reversed(range(len(run.steps))):
			if self._todo(run.steps[number], undo=True):
				return self._make_step(run, number, actor, {}, undo=True)
		bad = [outcome for step in run.steps for outcome in step.undone.values() if not outcome.made.is_good]
		if not bad:
			return self._state(run, RunState.UNDONE, actor.name, "Everything was taken back.")
		why = " ".join(dict.fromkeys(outcome.detail for outcome in bad))[:1000]
		return self._state(
			run, RunState.FAILED, actor.name, f"{len(bad)} changes could not be taken back: {why}"
		)

	def _verify(self, run: Run, actor: Actor) -> Run:
		if run.state is not RunState.VERIFYING:
			return self._state(run, RunState.VERIFYING, actor.name)
		with self.open_site() as site:
			verdict = verification.judge(run, verification.look(site, run.verify))
		data = {"ok": verdict.ok, "said": verdict.said, "left": list(verdict.left)}
		now = self.journal.load(run.id)
		if not now.state.moves:  # somebody stopped it meanwhile
			return now
		self._append(run.id, EntryKind.VERIFIED, data, actor.name)
		said = verdict.said
		if not verdict.ok:
			said += " It can be undone." if run.made and run.reversible else ""
			said += f" Go on with the runbook {run.otherwise}." if run.otherwise else ""
		state = RunState.SUCCEEDED if verdict.ok else RunState.FAILED
		return self._state(now, state, actor.name, said)


def needs_frappe(run: Run) -> bool:
	"""Tell whether what is left to be made of a run needs Frappe."""
	return any(
		edit.target is Target.DOCUMENTS
		for step in run.steps
		if step.plan is not None and not step.ended
		for edit in step.plan.edits
	)


def is_automatic(runbook: Runbook, actions: Mapping[str, type[Action]]) -> bool:
	"""Tell whether a runbook may be switched on to run by itself."""
	return runbook.automatic(actions) and runbook.risk(actions) is not Risk.READ
