"""A runbook: checks, actions, approvals, waits and instructions in the order that puts a problem right."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from typing import Any

from recovery_console.core.action import Action, Risk
from recovery_console.core.record import dataclass


class StepKind(str, enum.Enum):
	"""What a step does."""

	CHECK = "check"
	ACTION = "action"
	MANUAL = "manual"
	APPROVAL = "approval"
	WAIT = "wait"

	__str__ = str.__str__


@dataclass(frozen=True)
class Step:
	"""One step of a runbook.

	Args:
		kind: What it does.
		title: What it is called in the run.
		check: ``check`` and ``wait``: id of the check. ``manual``: the check that proves that it was done, if any.
		expect: ``check``: ``ok`` (default), ``finding`` or ``known``: what it must say for the run to go on.
		action: ``action``: id of the action.
		parameters: ``action``: values, in which ``{name}`` stands for a parameter of the runbook.
		late: ``action``: planned when its turn comes, because earlier steps decide what there is to do.
		instruction: ``manual``: what to do, with this site's names in ``{site}``, ``{bench}``, ``{user}`` …
		command: ``manual``: the command to type, filled in likewise.
		role: ``approval``: who may give it.
		second_person: ``approval``: the one who asked may not give it.
		expires: ``approval``: for how long it holds.
		limit: ``wait``: for how long at the most.
	"""

	kind: StepKind
	title: str
	check: str = ""
	expect: str = "ok"
	action: str = ""
	parameters: Mapping[str, Any] = field(default_factory=dict)
	late: bool = False
	instruction: str = ""
	command: str = ""
	role: str = ""
	second_person: bool = False
	expires: timedelta = timedelta(hours=24)
	limit: timedelta = timedelta(minutes=10)


@dataclass(frozen=True)
class Parameter:
	"""What a runbook asks for; its type and default are those of the action's parameter that it fills."""

	name: str
	title: str
	kind: Any
	default: Any = None
	required: bool = False
	secret: bool = False


@dataclass(frozen=True)
class Runbook:
	"""A runbook, as its file says it.

	Args:
		id: Its file name, in words with hyphens.
		title: What it puts right, in a few words.
		summary: When to use it and what it does, in a few sentences.
		findings: Ids of the checks whose findings it answers, and which say in the end whether it helped.
		errors: Ids of the known errors that it answers.
		steps: In order.
		parameters: What a person may or must give.
		verify: Ids of the checks that are run in the end; by default ``findings``.
		duration: How long it takes, for the reader.
		otherwise: Id of the runbook to go on with when this one does not help.
		emergency: Printed on the break-glass page.
		unattended: Whether it may be switched on to run by itself at all. It may not where a person must look first,
			although all can be taken back: evidence goes, mail or money moves, or somebody wanted it so.
		origin: ``console``, the name of an app, or ``site``.
		digest: Of its text: tells versions apart.
	"""

	id: str
	title: str
	summary: str
	steps: tuple[Step, ...]
	findings: tuple[str, ...] = ()
	errors: tuple[str, ...] = ()
	parameters: tuple[Parameter, ...] = ()
	verify: tuple[str, ...] = ()
	duration: str = ""
	otherwise: str = ""
	emergency: bool = False
	unattended: bool = True
	origin: str = "console"
	digest: str = ""

	@property
	def checks_at_end(self) -> tuple[str, ...]:
		return self.verify or self.findings

	def risk(self, actions: Mapping[str, type[Action]]) -> Risk:
		"""Return the greatest risk of its actions; ``read`` where it has none."""
		return max(
			(actions[step.action].risk for step in self.steps if step.action),
			key=lambda risk: risk.rank,
			default=Risk.READ,
		)

	def automatic(self, actions: Mapping[str, type[Action]]) -> bool:
		"""Tell whether it may be switched on to run by itself: no person is asked, and none needs to be."""
		return (
			self.unattended
			and self.risk(actions) is Risk.REVERSIBLE
			and not any(parameter.required for parameter in self.parameters)
			and all(step.kind in (StepKind.CHECK, StepKind.ACTION, StepKind.WAIT) for step in self.steps)
		)
