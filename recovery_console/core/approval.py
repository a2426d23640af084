"""Who must agree before a run changes anything, and why a refusal is one. Pure functions but for the backup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from recovery_console.core.action import Action, Risk
from recovery_console.core.checks.backups import _sets
from recovery_console.core.errors import ConsoleError
from recovery_console.core.people import MANAGER, OPERATOR, Actor
from recovery_console.core.record import dataclass
from recovery_console.core.run import Run, StepRun
from recovery_console.core.runbook import StepKind
from recovery_console.core.site import Site
from recovery_console.core.times import in_words

#: How long an approval holds where a runbook does not say.
EXPIRES = timedelta(hours=24)
#: How old the newest whole backup may be when something is about to be lost.
BACKUP_AGE = timedelta(hours=24)


class RefusedError(ConsoleError):
	"""Somebody may not do this, or not yet."""

	exit_status = 77


@dataclass(frozen=True)
class Demand:
	"""What must be given before a run goes on.

	Args:
		risk: The greatest risk of what is planned.
		role: Who may agree; empty where nobody has to.
		second_person: The one who asked may not be the one who agrees.
		backup: A whole backup younger than ``BACKUP_AGE`` must be there.
		typed: The site's name must be typed.
		step: The approval step that asks; -1 for the risk itself.
	"""

	risk: Risk
	role: str = ""
	second_person: bool = False
	backup: bool = False
	typed: bool = False
	step: int = -1
	expires: timedelta = EXPIRES


def risk_of(run: Run, actions: Mapping[str, type[Action]]) -> Risk:
	"""Return the greatest risk of what is left to be made; plans that change nothing have none."""
	return _greatest(
		_risk(step, actions)
		for step in run.steps
		if step.step.action and not step.ended and (step.plan is None or step.plan.count)
	)


def risk_made(run: Run, actions: Mapping[str, type[Action]]) -> Risk:
	"""Return the greatest risk of what was made and not taken back."""
	return _greatest(_risk(step, actions) for step in run.steps if step.to_take_back)


def _risk(step: StepRun, actions: Mapping[str, type[Action]]) -> Risk:
	"""Return the risk of an action; of one that is not installed any more nothing is known but that."""
	kind = actions.get(step.step.action)
	return Risk.DESTRUCTIVE if kind is None else kind.risk


def _greatest(risks: Iterable[Risk]) -> Risk:
	return max(risks, key=lambda risk: risk.rank, default=Risk.READ)


def demand(run: Run, actions: Mapping[str, type[Action]]) -> Demand:
	"""Return what the risk of a run's plans demands."""
	risk = risk_of(run, actions)
	if risk is Risk.READ:
		return Demand(risk)
	if risk is Risk.REVERSIBLE:
		return Demand(risk, OPERATOR)
	if risk is Risk.DISRUPTIVE:
		return Demand(risk, MANAGER)
	return Demand(risk, MANAGER, second_person=True, backup=True, typed=True)


def open_demand(run: Run, actions: Mapping[str, type[Action]], now: datetime) -> Demand | None:
	"""Return what must be given before the next step that does more than look; None when it may go on."""
	number = next(
		(
			number
			for number, step in enumerate(run.steps)
			if not step.ended and step.step.kind not in (StepKind.CHECK, StepKind.WAIT)
		),
		None,
	)
	if number is None:
		return None
	step = run.steps[number].step
	if step.kind is StepKind.APPROVAL:
		asked = Demand(
			risk_of(run, actions),
			step.role or MANAGER,
			second_person=step.second_person,
			step=number,
			expires=step.expires,
		)
		return None if _is_given(run, asked, now) else asked
	if step.kind is not StepKind.ACTION:
		return None
	asked = demand(run, actions)
	return None if not asked.role or _is_given(run, asked, now) else asked


def _is_given(run: Run, asked: Demand, now: datetime) -> bool:
	"""An approval holds for the plans that there were. What is planned later and can be taken back it covers, too."""
	return any(
		given.step == asked.step
		and (given.digest == run.digest or asked.risk is Risk.REVERSIBLE)
		and given.expires > now
		for given in run.approvals
	)


def look_at_approval(
	run: Run, asked: Demand, actor: Actor, site: Site, *, reason: str, typed: str = ""
) -> None:
	"""Make sure that an approval may be given.

	Raises:
		RefusedError: It may not; the message says why.
	"""
	if not actor.has(asked.role) and not (asked.role == OPERATOR and actor.has(MANAGER)):
		raise _refused(
			f"{actor.name} may not approve this: it takes the role {asked.role}.",
			f"Ask somebody with the role {asked.role}.",
		)
	if asked.second_person and actor.is_same(run.requested_by):
		raise _refused(
			f"{actor.name} asked for this run, and it takes a second person to approve it.",
			"Ask somebody else with the role to approve it.",
		)
	if asked.risk.rank > Risk.REVERSIBLE.rank and len(reason.strip()) < 3:
		raise _refused("An approval needs its reason, in a few words.", "Say why, and approve again.")
	if asked.typed and typed != site.name:
		raise _refused(
			f"This cannot be taken back, so the name of the site must be typed; {typed[:80]!r} is not it.",
			f"Type {site.name}.",
		)
	if asked.backup:
		look_at_backup(site)


def look_at_backup(site: Site, limit: timedelta = BACKUP_AGE) -> None:
	"""Make sure that a whole backup of the site is young enough.

	Raises:
		RefusedError: There is none, or it is too old.
	"""
	sets = _sets.whole(site)
	newest = max((found.taken for found in sets), default=None)
	if newest is None or site.now() - newest > limit:
		found = "there is none" if newest is None else f"the newest is {in_words(site.now() - newest)} old"
		raise _refused(
			f"Something is about to be lost for good, and there is no backup younger than {in_words(limit)}: {found}.",
			f"Take one first: `bench --site {site.name} backup --with-files`, or the runbook take-backup.",
		)


def _refused(message: str, remedy: str) -> RefusedError:
	return RefusedError(message, remedy=remedy)
