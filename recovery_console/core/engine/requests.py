"""What people ask of a run: to agree to it, to stop it, to let it go on, to take it back."""

from __future__ import annotations

from recovery_console.core import approval
from recovery_console.core.action import Risk
from recovery_console.core.approval import RefusedError
from recovery_console.core.engine.base import Base
from recovery_console.core.people import MANAGER, OPERATOR, Actor
from recovery_console.core.run import EntryKind, Run, RunState, may_become
from recovery_console.core.runbook import StepKind


class Requests(Base):
	"""Takes what people ask, or refuses it and says why."""

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
		self._look_at_role(actor)
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
		self._look_at_undo_role(run, actor)
		if not run.to_take_back:
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

	def _look_at_undo_role(self, run: Run, actor: Actor) -> None:
		"""Taking back is a change like making: what a Manager had to agree to takes one again."""
		risk = approval.risk_made(run, self.actions)
		if risk.rank > Risk.REVERSIBLE.rank and not actor.has(MANAGER):
			raise RefusedError(
				f"{actor.name} may not take this back: its changes are {risk}.",
				remedy=f"Ask somebody with the role {MANAGER}.",
			)

	def _ask(self, run_id: str, state: RunState, actor: Actor, said: str) -> Run:
		self._look_at_role(actor)
		run = self.journal.load(run_id)
		if not may_become(run.state, state):
			raise RefusedError(
				f"Run {run_id} is {run.state}; it cannot become {state}.", remedy="Look at the run."
			)
		return self._state(run, state, actor.name, said)
