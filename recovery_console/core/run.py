"""The life of a run: its states, the entries of its journal, and what they tell."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from recovery_console.core.making import Made, Outcome
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.runbook import Step


class RunState(str, enum.Enum):
	"""Where a run stands."""

	PLANNED = "Planned"
	AWAITING_APPROVAL = "Awaiting Approval"
	RUNNING = "Running"
	VERIFYING = "Verifying"
	PAUSED = "Paused"
	SUCCEEDED = "Succeeded"
	FAILED = "Failed"
	UNDONE = "Undone"
	ABANDONED = "Abandoned"

	__str__ = str.__str__

	@property
	def is_open(self) -> bool:
		"""Whether it may still go on."""
		return self not in ENDED

	@property
	def moves(self) -> bool:
		"""Whether it goes on by itself, without anybody's word."""
		return self in MOVING


_S = RunState
ENDED = frozenset({_S.SUCCEEDED, _S.FAILED, _S.UNDONE, _S.ABANDONED})
MOVING = frozenset({_S.RUNNING, _S.VERIFYING})
_NEXT: dict[RunState, frozenset[RunState]] = {
	_S.PLANNED: frozenset({_S.AWAITING_APPROVAL, _S.RUNNING, _S.ABANDONED}),
	_S.AWAITING_APPROVAL: frozenset({_S.RUNNING, _S.ABANDONED, _S.PAUSED}),
	_S.RUNNING: frozenset(
		{_S.VERIFYING, _S.PAUSED, _S.FAILED, _S.AWAITING_APPROVAL, _S.ABANDONED, _S.UNDONE, _S.SUCCEEDED}
	),
	_S.VERIFYING: frozenset({_S.SUCCEEDED, _S.FAILED, _S.PAUSED, _S.ABANDONED}),
	_S.PAUSED: frozenset({_S.RUNNING, _S.VERIFYING, _S.AWAITING_APPROVAL, _S.ABANDONED}),
	_S.SUCCEEDED: frozenset({_S.RUNNING}),  # to be undone
	_S.FAILED: frozenset({_S.RUNNING}),  # to be tried again, or undone
	_S.ABANDONED: frozenset({_S.RUNNING}),  # to be undone
	_S.UNDONE: frozenset(),
}


def may_become(before: RunState, after: RunState) -> bool:
	"""Tell whether a run may go from one state to another; staying is always allowed."""
	return before is after or after in _NEXT[before]


class EntryKind(str, enum.Enum):
	"""What an entry of the journal says."""

	CREATED = "created"
	PLANNED = "planned"
	APPROVED = "approved"
	REJECTED = "rejected"
	STATE = "state"
	BEGUN = "begun"
	#: These batches are about to be made; after a crash they are the ones in doubt.
	MAKING = "making"
	MADE = "made"
	CONFIRMED = "confirmed"
	RETRY = "retry"
	ENDED = "ended"
	UNDO = "undo"
	VERIFIED = "verified"
	NOTE = "note"

	__str__ = str.__str__


@dataclass(frozen=True)
class Entry:
	"""One line of a journal: never changed, never removed.

	Args:
		number: From 1 on, without gaps.
		at: When, UTC.
		actor: Who, as ``user@example.org``, ``shell:root`` or ``scheduler``.
		kind: What it says.
		data: The rest; as JSON can hold it.
		seal: Digest of this entry and the seal before it: a changed entry breaks the chain.
	"""

	number: int
	at: datetime
	actor: str
	kind: EntryKind
	data: Mapping[str, Any]
	seal: str = ""


@dataclass(frozen=True)
class Approval:
	"""Somebody agreed to what was planned.

	Args:
		by: Who.
		reason: Why.
		digest: Of the plans that were agreed to.
		expires: When it no longer holds.
		step: The approval step that it answers; -1 for what the plans' risk demands.
	"""

	by: str
	reason: str
	digest: str
	expires: datetime
	step: int = -1


@dataclass(frozen=True)
class StepRun:
	"""How far one step came.

	Args:
		step: What it is.
		plan: What it will change, once planned.
		outcomes: What came of each batch, by its number.
		undone: What came of taking each batch back.
		in_doubt: Numbers of the batches that were being made, or taken back, when the run was interrupted.
		begun: When it began.
		ended: Whether it is over.
		ok: Whether it ended well.
		said: What it said at its end.
		attempts: How often it was tried in vain.
	"""

	step: Step
	plan: Plan | None = None
	outcomes: Mapping[int, Outcome] = field(default_factory=dict)
	undone: Mapping[int, Outcome] = field(default_factory=dict)
	in_doubt: tuple[int, ...] = ()
	begun: datetime | None = None
	ended: bool = False
	ok: bool = False
	said: str = ""
	attempts: int = 0

	@property
	def changed(self) -> tuple[int, ...]:
		"""Numbers of the batches that this run made and has not taken back."""
		return tuple(
			number
			for number, outcome in self.outcomes.items()
			if outcome.made is Made.MADE and not (number in self.undone and self.undone[number].made.is_good)
		)

	@property
	def to_take_back(self) -> tuple[int, ...]:
		"""Numbers of the batches that an undo looks at: those made, and those that may have been when it was killed."""
		doubt = (n for n in self.in_doubt if n not in self.outcomes and n not in self.undone)
		return (
			*self.changed,
			*(n for n in doubt if self.plan is not None and self.plan.batches[n].reversible),
		)

	@property
	def bad(self) -> dict[int, Outcome]:
		"""What could not be made."""
		return {number: outcome for number, outcome in self.outcomes.items() if not outcome.made.is_good}


@dataclass(frozen=True)
class Run:
	"""One execution of a runbook on a site, as its journal tells it.

	Args:
		id: Its name.
		runbook: Id of the runbook.
		title: The runbook's title.
		site: Name of the site.
		requested_by: Who asked for it.
		reason: Why.
		created: When.
		parameters: What it was given, secret ones masked.
		verify: Ids of the checks that are run in the end.
		before: What these checks found when it was planned: count and subjects by fingerprint.
		otherwise: Id of the runbook to go on with when it does not help.
		state: Where it stands.
		said: Why it stands there, for the reader.
		steps: Its steps.
		approvals: Who agreed.
		undoing: It is being taken back.
		next_attempt: When it goes on by itself after a failure that may pass.
		left: What the verification says is left.
		entries: How many entries its journal has.
		last: When the journal's last entry was written.
	"""

	id: str
	runbook: str
	title: str
	site: str
	requested_by: str
	reason: str
	created: datetime
	parameters: Mapping[str, Any] = field(default_factory=dict)
	verify: tuple[str, ...] = ()
	before: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
	otherwise: str = ""
	state: RunState = RunState.PLANNED
	said: str = ""
	steps: tuple[StepRun, ...] = ()
	approvals: tuple[Approval, ...] = ()
	undoing: bool = False
	next_attempt: datetime | None = None
	left: tuple[str, ...] = ()
	entries: int = 0
	last: datetime | None = None

	@property
	def cursor(self) -> int | None:
		"""Number of the step whose turn it is; None when all are over."""
		return next((number for number, step in enumerate(self.steps) if not step.ended), None)

	@property
	def digest(self) -> str:
		"""What an approval is given for: all that is planned so far and not yet made."""
		plans = [step.plan.digest if step.plan else "" for step in self.steps]
		return hashlib.sha256(" ".join([self.runbook, *plans]).encode()).hexdigest()

	@property
	def plans(self) -> list[tuple[int, Plan]]:
		return [(number, step.plan) for number, step in enumerate(self.steps) if step.plan is not None]

	@property
	def planned(self) -> int:
		"""How many things its plans change."""
		return sum(plan.count for _, plan in self.plans)

	@property
	def made(self) -> int:
		"""How many of them are made and not taken back."""
		return sum(len(step.changed) for step in self.steps)

	@property
	def to_take_back(self) -> int:
		"""How many things an undo would look at: those made, and those in doubt since it was killed."""
		return sum(len(step.to_take_back) for step in self.steps)

	@property
	def reversible(self) -> bool:
		"""Whether all that it made can be taken back."""
		return all(
			step.plan.batches[number].reversible
			for step in self.steps
			if step.plan is not None
			for number in step.changed
		)
