"""The engine: plans a runbook, takes approvals, makes its changes step by step, verifies, and takes them back.

It knows no queue and no web: a job, `bench` and the break-glass command line call ``advance`` alike, each for as long
as it likes, and any of them can go on where another ended, or died.
"""

from __future__ import annotations

import dataclasses
import logging
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from recovery_console.core import approval, verification
from recovery_console.core.action import Action, Risk, build
from recovery_console.core.action_registry import find_action
from recovery_console.core.approval import RefusedError
from recovery_console.core.edits import Target
from recovery_console.core.edits.values import pack
from recovery_console.core.errors import ConsoleError, NotApplicable, UsageError
from recovery_console.core.finding import Status
from recovery_console.core.journal import Journal
from recovery_console.core.making import Interrupted, Made, Outcome, make_batch
from recovery_console.core.people import MANAGER, OPERATOR, Actor
from recovery_console.core.plan import Plan
from recovery_console.core.run import EntryKind, Run, RunState, StepRun, may_become, step_as_dict
from recovery_console.core.runbook import Runbook, Step, StepKind
from recovery_console.core.runbook_file import values_for
from recovery_console.core.runs import kill_switch
from recovery_console.core.times import UTC, in_words
from recovery_console.core.writable import WritableSite

logger = logging.getLogger(__name__)

#: A step whose source does not answer is tried again so often, each time after twice as long.
MOST_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=15)
#: A run stops and asks when more than this share of its changes, and at least so many, could not be made.
WORST_SHARE = 0.2
FEWEST_BAD = 5
#: How often a wait looks whether it is over.
LOOK_AGAIN = timedelta(seconds=10)

#: Called at every boundary with its name, so that a test can end the process there.
Boundary = Callable[[str], None]
Progress = Callable[[Run], None]


@dataclasses.dataclass(frozen=True)
class Engine:
	"""Runs runbooks on one site.

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

	# -- planning -----------------------------------------------------------------------------------------------

	def plan(
		self, runbook: Runbook, given: Mapping[str, Any], actor: Actor, reason: str = ""
	) -> tuple[Run, list[Plan]]:
		"""Find out what a runbook would do. Nothing is changed and nothing is kept.

		Raises:
			UsageError: A parameter does not fit.
			SourceUnavailable: Something that must be read does not answer.
			ConsoleError: One of its actions makes no sense on this site.
		"""
		self._look_at_parameters(runbook, given)
		with self.open_site() as site:
			found = verification.look(site, runbook.checks_at_end)
			run = Run(
				id="",
				runbook=runbook.id,
				title=runbook.title,
				site=site.name,
				requested_by=actor.name,
				reason=reason,
				created=site.now(),
				parameters=self._kept(runbook, given),
				verify=runbook.checks_at_end,
				before=verification.as_found(found),
				otherwise=runbook.otherwise,
				steps=tuple(
					StepRun(step, None if step.late else self._planned(site, step, given))
					for step in runbook.steps
				),
			)
		return run, [plan for _number, plan in run.plans]

	def create(self, runbook: Runbook, given: Mapping[str, Any], actor: Actor, reason: str = "") -> Run:
		"""Plan a runbook and keep the plan as a run, to be approved and made.

		Raises:
			RefusedError: The actor may not ask for it, or repairs are switched off.
			ConsoleError: See ``plan``.
		"""
		if not (actor.has(OPERATOR) or actor.has(MANAGER)):
			raise RefusedError(
				f"{actor.name} may not run runbooks.", remedy=f"It takes the role {OPERATOR} or {MANAGER}."
			)
		self._look_at_switch(runbook.id)
		planned, _plans = self.plan(runbook, given, actor, reason)
		run_id = f"RC-RUN-{planned.created:%Y%m%d}-{secrets.token_hex(4).upper()}"
		data = {
			"runbook": planned.runbook,
			"title": planned.title,
			"site": planned.site,
			"reason": reason,
			"parameters": pack(planned.parameters),
			"verify": list(planned.verify),
			"before": planned.before,
			"otherwise": planned.otherwise,
			"steps": [step_as_dict(step.step) for step in planned.steps],
		}
		self._append(run_id, EntryKind.CREATED, data, actor.name)
		for number, plan in planned.plans:
			self._append(run_id, EntryKind.PLANNED, {"step": number, "plan": plan.as_dict()}, actor.name)
		run = self.journal.load(run_id)
		if approval.open_demand(run, self.actions, planned.created) is not None:
			self._state(run, RunState.AWAITING_APPROVAL, actor.name)
		return self.journal.load(run_id)

	def _look_at_parameters(self, runbook: Runbook, given: Mapping[str, Any]) -> None:
		names = {parameter.name for parameter in runbook.parameters}
		for name in given:
			if name not in names:
				raise UsageError(
					f"The runbook {runbook.id} has no parameter {str(name)[:80]!r}.",
					remedy=f"It has: {', '.join(sorted(names)) or 'none'}.",
				)
		missing = [
			parameter.name
			for parameter in runbook.parameters
			if parameter.required and given.get(parameter.name) in (None, "", [], ())
		]
		if missing:
			raise UsageError(
				f"The runbook {runbook.id} must be told: {', '.join(missing)}.",
				remedy="Give each with --param name=value, or in the form.",
			)

	@staticmethod
	def _kept(runbook: Runbook, given: Mapping[str, Any]) -> dict[str, Any]:
		secret = {parameter.name for parameter in runbook.parameters if parameter.secret}
		return {name: value for name, value in given.items() if name not in secret}

	def _planned(self, site: WritableSite, step: Step, given: Mapping[str, Any]) -> Plan | None:
		if step.kind is not StepKind.ACTION:
			return None
		kind = find_action(step.action, self.actions)
		self._look_at_needs(site, kind)
		try:
			return build(kind, values_for(step, given, kind)).plan(site)
		except NotApplicable as error:
			raise ConsoleError(
				f"{kind.title} makes no sense on this site: {error.reason}", remedy="Choose another runbook."
			) from error

	@staticmethod
	def _look_at_needs(site: WritableSite, kind: type[Action]) -> None:
		lacking = [doctype for doctype in kind.needs if not site.has_doctype(doctype)]
		if kind.needs_app and kind.needs_app not in site.installed_apps():
			lacking.append(f"the app {kind.needs_app}")
		if lacking:
			raise ConsoleError(
				f"{kind.title} makes no sense on this site: it does not have {', '.join(lacking)}.",
				remedy="Choose another runbook.",
			)

	# -- people -------------------------------------------------------------------------------------------------

	def approve(
		self, run_id: str, actor: Actor, reason: str, *, typed: str = "", requester: bool = False
	) -> Run:
		"""Agree to what a run has planned, for the step that waits for it.

		Args:
			run_id: The run.
			actor: Who agrees.
			reason: Why.
			typed: The site's name as the person typed it, where the risk demands it.
			requester: Ignored where nothing demands an approval, instead of refusing.

		Raises:
			RefusedError: Nothing is to be approved, or this person may not, or not yet; it says why.
		"""
		run = self.journal.load(run_id)
		with self.open_site() as site:
			asked = approval.open_demand(run, self.actions, site.now()) if run.state.is_open else None
			if asked is None:
				if requester:
					return run
				raise RefusedError(
					f"Run {run_id} ({run.state}) waits for no approval.", remedy="Look at the run."
				)
			approval.look_at_approval(run, asked, actor, site, reason=reason, typed=typed)
			data = {
				"reason": reason,
				"digest": run.digest,
				"expires": (site.now() + asked.expires).isoformat(),
				"step": asked.step,
			}
		self._append(run_id, EntryKind.APPROVED, data, actor.name)
		if run.state is RunState.AWAITING_APPROVAL:
			self._state(run, RunState.RUNNING, actor.name, f"Approved by {actor.name}.")
		return self.journal.load(run_id)

	def reject(self, run_id: str, actor: Actor, reason: str) -> Run:
		"""Refuse what a run has planned; it is abandoned.

		Raises:
			RefusedError: This person may not, or the run waits for nobody.
		"""
		run = self.journal.load(run_id)
		if run.state is not RunState.AWAITING_APPROVAL or not (actor.has(OPERATOR) or actor.has(MANAGER)):
			raise RefusedError(
				f"{actor.name} cannot reject run {run_id}, which is {run.state}.", remedy="Look at the run."
			)
		self._append(run_id, EntryKind.REJECTED, {"reason": reason}, actor.name)
		self._state(run, RunState.ABANDONED, actor.name, f"Rejected by {actor.name}: {reason}")
		return self.journal.load(run_id)

	def pause(self, run_id: str, actor: Actor, reason: str = "") -> Run:
		"""Stop a run before its next change. It can be resumed, undone or cancelled."""
		return self._ask(run_id, RunState.PAUSED, actor, f"Paused by {actor.name}. {reason}".strip())

	def cancel(self, run_id: str, actor: Actor, reason: str = "") -> Run:
		"""End a run before its next change. What it made stays, and can be undone."""
		return self._ask(run_id, RunState.ABANDONED, actor, f"Cancelled by {actor.name}. {reason}".strip())

	def resume(self, run_id: str, actor: Actor, reason: str = "") -> Run:
		"""Let a paused run go on; a failed one is tried again from the step that failed."""
		run = self.journal.load(run_id)
		if run.state.moves or run.state in (RunState.PLANNED, RunState.AWAITING_APPROVAL):
			return run
		if run.state not in (RunState.PAUSED, RunState.FAILED):
			raise RefusedError(
				f"Run {run_id} is {run.state} and cannot go on.", remedy="Plan the runbook again."
			)
		return self._ask(run_id, RunState.RUNNING, actor, f"Resumed by {actor.name}. {reason}".strip())

	def confirm(self, run_id: str, actor: Actor, note: str) -> Run:
		"""Say that the manual step whose turn it is has been done; its check, if it has one, must agree.

		Raises:
			RefusedError: It is no manual step's turn.
		"""
		run = self.journal.load(run_id)
		number = run.cursor
		if number is None or run.steps[number].step.kind is not StepKind.MANUAL or not run.state.is_open:
			raise RefusedError(
				f"Run {run_id} ({run.state}) waits for no manual step.", remedy="Look at the run."
			)
		self._look_at_role(actor)
		self._append(run_id, EntryKind.CONFIRMED, {"step": number, "note": note}, actor.name)
		ok, said = self._check_says(run.steps[number].step.check, "ok")
		if ok:
			self._end_step(run_id, number, True, f"Done by {actor.name}. {note}".strip(), actor.name)
			return self._state(self.journal.load(run_id), RunState.RUNNING, actor.name)
		return self._state(run, RunState.PAUSED, actor.name, f"Not yet: {said}")

	def undo(self, run_id: str, actor: Actor, reason: str = "") -> Run:
		"""Begin to take back what a run made, in the opposite order; ``advance`` does it.

		Raises:
			RefusedError: It made nothing, or something that cannot be taken back, or it is at work.
		"""
		run = self.journal.load(run_id)
		self._look_at_role(actor)
		if run.state.moves:
			raise RefusedError(
				f"Run {run_id} is {run.state}.", remedy="Pause or cancel it first, then undo it."
			)
		if not run.made:
			raise RefusedError(
				f"Run {run_id} ({run.state}) changed nothing that is to be taken back.",
				remedy="Nothing to do.",
			)
		for step in run.steps:
			lasting = [n for n in step.changed if step.plan and not step.plan.batches[n].reversible]
			if lasting:
				raise RefusedError(
					f"{len(lasting)} changes of “{step.step.title}” cannot be taken back.",
					remedy="Put right by hand what must be; the run lists every change.",
				)
		self._append(run_id, EntryKind.UNDO, {"reason": reason}, actor.name)
		return self.journal.load(run_id)

	def _ask(self, run_id: str, state: RunState, actor: Actor, said: str) -> Run:
		self._look_at_role(actor)
		run = self.journal.load(run_id)
		if not may_become(run.state, state):
			raise RefusedError(
				f"Run {run_id} is {run.state}; it cannot become {state}.", remedy="Look at the run."
			)
		return self._state(run, state, actor.name, said)

	@staticmethod
	def _look_at_role(actor: Actor) -> None:
		if not (actor.has(OPERATOR) or actor.has(MANAGER)):
			raise RefusedError(
				f"{actor.name} may not change runs.", remedy=f"It takes the role {OPERATOR} or {MANAGER}."
			)

	# -- going on -----------------------------------------------------------------------------------------------

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
			run = self.journal.load(run_id)
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
		self._look_at_switch(run.runbook)
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
			with self.open_site() as site:
				plan = self._planned(site, run.steps[number].step, {**run.parameters, **given})
			assert plan is not None  # noqa: S101 (an action step always has one)
			self._append(run.id, EntryKind.PLANNED, {"step": number, "plan": plan.as_dict()}, actor.name)
			run = self.journal.load(run.id)
		with self.open_site() as site:
			if approval.open_demand(run, self.actions, site.now()) is not None:
				return self._state(run, RunState.AWAITING_APPROVAL, actor.name)
		return self._make_step(run, number, actor, undo=False)

	# -- making and taking back ---------------------------------------------------------------------------------

	def _make_step(self, run: Run, number: int, actor: Actor, *, undo: bool) -> Run:
		state = run.steps[number]
		plan = state.plan
		assert plan is not None  # noqa: S101 (only steps with a plan are made)
		kind = find_action(plan.action, self.actions)
		if state.begun is None:
			self._append(run.id, EntryKind.BEGUN, {"step": number}, actor.name)
		names = [f"{kind.family()}: {name}" for name in kind.resources]
		with self.journal.lock(names, run.id), self.open_site() as site:
			todo = self._todo(state, undo=undo)
			for start in range(0, len(todo), kind.batch_size):
				if self._is_stopped(run.id):
					return self.journal.load(run.id)
				chunk = todo[start : start + kind.batch_size]
				self._make_chunk(site, run.id, number, kind, plan, chunk, state.in_doubt, actor, undo=undo)
				run = self.journal.load(run.id)
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
			return [number for number in reversed(state.changed) if number not in state.undone]
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
		action = build(kind, plan.parameters)
		for batch_number in chunk:
			batch = plan.batches[batch_number]
			outcome = make_batch(
				site, action, batch.reversed() if undo else batch, again=batch_number in in_doubt
			)
			if undo and outcome.made is Made.ALREADY:
				outcome = Outcome(Made.MADE, outcome.detail)
			outcomes[str(batch_number)] = (outcome.made.value, outcome.detail[:2000])
			self.on_boundary("batch")
		data = {"step": number, "outcomes": outcomes, "undo": undo}
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
		if state.bad:
			said += " Not made: " + " ".join(dict.fromkeys(item.detail for item in state.bad.values()))[:1000]
		ok = not state.bad or bool(state.changed)
		if not ok:
			return self._fail(run, number, said, actor)
		return self._end_step(run.id, number, True, said, actor.name)

	def _take_back(self, run: Run, actor: Actor) -> Run:
		for number in reversed(range(len(run.steps))):
			if self._todo(run.steps[number], undo=True):
				return self._make_step(run, number, actor, undo=True)
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
		self._append(run.id, EntryKind.VERIFIED, data, actor.name)
		said = verdict.said
		if not verdict.ok:
			said += " It can be undone." if run.made and run.reversible else ""
			said += f" Go on with the runbook {run.otherwise}." if run.otherwise else ""
		state = RunState.SUCCEEDED if verdict.ok else RunState.FAILED
		return self._state(self.journal.load(run.id), state, actor.name, said)

	# -- what all of these need ---------------------------------------------------------------------------------

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
		self._look_at_switch(run.runbook)
		return not run.state.moves

	def _look_at_switch(self, runbook_id: str) -> None:
		with self.open_site() as site:
			reason = kill_switch(site, runbook_id)
		if reason:
			raise RefusedError(reason, remedy="Switch it on again there, and resume the run.")


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
