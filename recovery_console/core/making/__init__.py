"""Making the edits of a plan: compared with what is there, all of a batch or none of it, never twice."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from recovery_console.core.action import Action
from recovery_console.core.edits import Act, CacheDrop, ConfigEdit, DocumentEdit, Edit, RowEdit, Target
from recovery_console.core.errors import ConsoleError, SourceUnavailable
from recovery_console.core.making import configs, documents, filesystem, redis_keys, rows
from recovery_console.core.making.state import Moved, State
from recovery_console.core.plan import Batch
from recovery_console.core.writable import WritableSite

logger = logging.getLogger(__name__)

__all__ = ["PARTLY", "Interrupted", "Made", "Moved", "Outcome", "State", "make_batch", "state_of"]


class Made(str, Enum):
	"""What came of a batch."""

	#: It was made now.
	MADE = "made"
	#: It was there already, by somebody else's hand: it is not taken back on undo.
	ALREADY = "already"
	#: Somebody else changed what it was planned on; it was left alone.
	MOVED = "moved"
	#: It could not be made; nothing of it is there, unless ``detail`` says so.
	FAILED = "failed"
	#: The run was interrupted in the middle of an act, and nothing tells whether it was done; it is not repeated.
	UNCLEAR = "unclear"

	__str__ = str.__str__

	@property
	def is_good(self) -> bool:
		return self in (Made.MADE, Made.ALREADY)


@dataclass(frozen=True)
class Outcome:
	"""What came of one batch, and why where it is not good."""

	made: Made
	detail: str = ""


class Interrupted(ConsoleError):  # noqa: N818 (a state, not a mistake)
	"""A source went away in the middle: what is done is found out when it answers again."""


#: Begins the list of what a batch that failed left behind.
PARTLY = "Made before that, and still there:"
#: A source that fails like this is expected to come back; the batch is not the reason.
_PASSING = ("refused", "gone", "timeout", "loading", "full", "locked", "memory", "unavailable")


def make_batch(site: WritableSite, action: Action, batch: Batch, *, again: bool = False) -> Outcome:
	"""Make the edits of a batch.

	Args:
		site: The site.
		action: Whose plan it is; performs its acts.
		batch: What to change.
		again: The run was interrupted while this batch may have been at work.

	Returns:
		What came of it. Errors of the batch are part of the answer, so that one bad batch does not end a run.

	Raises:
		Interrupted: A source that all batches need does not answer.
	"""
	work = _Work(site, action, batch, again)
	try:
		return _compare_and_make(work)
	except Moved as error:
		return Outcome(Made.MOVED, _taken_back(work, str(error)))
	except SourceUnavailable as error:
		if error.kind in _PASSING:
			raise Interrupted(
				error.message, remedy=error.remedy, changed="What was begun is looked at again on resuming."
			) from error
		return Outcome(Made.FAILED, _taken_back(work, f"{error.message} {error.remedy}"))
	except ConsoleError as error:
		return Outcome(Made.FAILED, _taken_back(work, f"{error.message} {error.remedy}"))
	except Exception as error:
		logger.exception("A batch of %s failed", action.id)
		return Outcome(Made.FAILED, _taken_back(work, f"{type(error).__name__}: {error}"))


@dataclass
class _Work:
	"""A batch while it is made: what was there at first, by the number of the edit, and whether an act was done."""

	site: WritableSite
	action: Action
	batch: Batch
	again: bool
	states: Sequence[State] = ()
	acted: bool = False


def _compare_and_make(work: _Work) -> Outcome:
	site, action, batch, again = work.site, work.action, work.batch, work.again
	states = work.states = [state_of(site, edit) for edit in batch.edits]
	if not _has_act(batch) and all(state is State.AFTER for state in states):
		return Outcome(Made.MADE if again else Made.ALREADY)
	for edit, state in zip(batch.edits, states, strict=True):
		if state is State.MOVED:
			raise Moved(edit)
	said: list[str] = []
	for (_target, act), edits in itertools.groupby(batch.edits, key=_store):
		outcome = _make(site, action, list(edits), again=again)
		if outcome is not None and not outcome.made.is_good:
			return outcome
		said += [outcome.detail] if outcome and outcome.detail else []
		work.acted = work.acted or act is not None
	return Outcome(Made.MADE, " ".join(said))


def state_of(site: WritableSite, edit: Edit) -> State:
	"""Return what is there now, compared with an edit. An act has no state: it is always to be done."""
	if isinstance(edit, RowEdit):
		return rows.state(site, edit)
	if isinstance(edit, ConfigEdit):
		return configs.state(site, edit)
	if isinstance(edit, DocumentEdit):
		return documents.state(site, edit)
	if isinstance(edit, Act):
		return State.BEFORE
	if edit.target in (Target.CACHE, Target.QUEUE):
		return redis_keys.state(site, edit)
	return filesystem.state(site, edit)


def _make(site: WritableSite, action: Action, edits: Sequence[Edit], *, again: bool) -> Outcome | None:
	first = edits[0]
	if isinstance(first, Act):
		return _perform(site, action, [edit for edit in edits if isinstance(edit, Act)], again=again)
	if isinstance(first, RowEdit):
		rows.make(site, [edit for edit in edits if isinstance(edit, RowEdit)])
	elif isinstance(first, ConfigEdit):
		configs.make(site, [edit for edit in edits if isinstance(edit, ConfigEdit)])
	elif isinstance(first, DocumentEdit):
		documents.make(site, [edit for edit in edits if isinstance(edit, DocumentEdit)])
	elif first.target in (Target.CACHE, Target.QUEUE):
		redis_keys.make(site, edits)
	else:
		filesystem.make(site, edits)
	return None


def _perform(site: WritableSite, action: Action, acts: Sequence[Act], *, again: bool) -> Outcome:
	said = []
	for act in acts:
		done = _is_done(site, action, act) if again else False
		if done is None:
			return Outcome(
				Made.UNCLEAR,
				f"{act.what}: it was begun before the interruption, and nothing tells whether it was done.",
			)
		if done:
			continue
		said.append(site.needs_frappe().perform(action.id, act) if act.frappe else action.perform(site, act))
	return Outcome(Made.MADE, " ".join(said))


def _is_done(site: WritableSite, action: Action, act: Act) -> bool | None:
	return site.needs_frappe().is_done(action.id, act) if act.frappe else action.is_done(site, act)


def _store(edit: Edit) -> tuple[Target, Act | None]:
	"""Return what is made in one go: the edits of one store that follow each other, and each act by itself."""
	return edit.target, edit if isinstance(edit, Act) else None


def _has_act(batch: Batch) -> bool:
	return any(isinstance(edit, Act) for edit in batch.edits)


def _taken_back(work: _Work, text: str) -> str:
	"""Take back what was made of a batch before it failed, and return what to say of it."""
	made: list[tuple[Edit, State]] = []
	try:
		made = [
			(edit, was)
			for edit, was in zip(work.batch.edits, work.states, strict=False)
			if (was is State.BEFORE or work.again)
			and not isinstance(edit, (Act, CacheDrop))
			and state_of(work.site, edit) is State.AFTER
		]
		while made and not work.acted and made[-1][0].reversible and made[-1][1] is State.BEFORE:
			_make(work.site, work.action, [made[-1][0].reversed()], again=False)
			made.pop()
	except Exception:
		logger.exception("A batch of %s that failed cannot be taken back", work.action.id)
	if not made:
		return text
	there = dict.fromkeys(f"{edit.subject.doctype} {edit.subject.name}" for edit, _was in made[:10])
	return f"{text} {PARTLY} {', '.join(there)}."
