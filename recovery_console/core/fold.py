"""How a journal's entries add up to a run. Pure functions."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from recovery_console.core.edits.values import pack, unpack
from recovery_console.core.errors import ConsoleError
from recovery_console.core.making import Made, Outcome
from recovery_console.core.plan import read_plan
from recovery_console.core.run import Approval, Entry, EntryKind, Run, RunState, StepRun
from recovery_console.core.runbook import Step, StepKind


def fold(run_id: str, entries: Iterable[Entry], run: Run | None = None) -> Run:
	"""Return the run that a journal tells.

	Args:
		run_id: The run.
		entries: Its entries, oldest first.
		run: What the entries before these told; None where these are all.

	Raises:
		ConsoleError: The journal does not begin with the run's creation.
	"""
	for entry in entries:
		if run is None:
			if entry.kind is not EntryKind.CREATED:
				break
			run = _created(run_id, entry)
		else:
			run = _READ[entry.kind](run, entry)
		run = dataclasses.replace(run, entries=entry.number, last=entry.at)
	if run is None:
		raise ConsoleError(
			f"The journal of run {run_id} does not tell how it began.",
			remedy="Compare what it was going to change by hand; start a new run for the rest.",
		)
	return run


def _created(run_id: str, entry: Entry) -> Run:
	data = entry.data
	return Run(
		id=run_id,
		runbook=data["runbook"],
		title=data["title"],
		site=data["site"],
		requested_by=entry.actor,
		reason=data["reason"],
		created=entry.at,
		parameters=unpack(data["parameters"]),
		verify=tuple(data["verify"]),
		before=data["before"],
		otherwise=data.get("otherwise", ""),
		steps=tuple(StepRun(read_step(step)) for step in data["steps"]),
	)


def step_as_dict(step: Step) -> dict[str, Any]:
	"""Return a step as JSON can hold it."""
	return {item.name: pack(getattr(step, item.name)) for item in dataclasses.fields(step)}


def read_step(written: Mapping[str, Any]) -> Step:
	"""Return the step that ``step_as_dict`` wrote down."""
	values = {name: unpack(value) for name, value in written.items()}
	return Step(**{**values, "kind": StepKind(values["kind"])})


def _with_step(run: Run, number: int, **changes: Any) -> Run:
	steps = list(run.steps)
	steps[number] = dataclasses.replace(steps[number], **changes)
	return dataclasses.replace(run, steps=tuple(steps))


def _planned(run: Run, entry: Entry) -> Run:
	return _with_step(run, entry.data["step"], plan=read_plan(entry.data["plan"]))


def _approved(run: Run, entry: Entry) -> Run:
	data = entry.data
	approval = Approval(
		by=entry.actor,
		reason=data["reason"],
		digest=data["digest"],
		expires=datetime.fromisoformat(data["expires"]),
		step=data["step"],
	)
	return dataclasses.replace(run, approvals=(*run.approvals, approval))


def _state(run: Run, entry: Entry) -> Run:
	state = RunState(entry.data["state"])
	undoing = run.undoing and state is not RunState.UNDONE  # an undo that failed goes on as one
	if run.state is RunState.FAILED and state is RunState.RUNNING:
		again = _undo_once_more if undoing else _once_more
		run = dataclasses.replace(run, steps=tuple(again(step) for step in run.steps))
	return dataclasses.replace(
		run, state=state, said=entry.data.get("said", ""), next_attempt=None, undoing=undoing
	)


def _once_more(step: StepRun) -> StepRun:
	"""Forget what could not be made in a step that failed, so that it is tried again; what is unclear is not."""
	if step.ended:
		return step
	kept = {n: found for n, found in step.outcomes.items() if found.made not in (Made.MOVED, Made.FAILED)}
	return dataclasses.replace(step, outcomes=kept, attempts=0, begun=None)


def _undo_once_more(step: StepRun) -> StepRun:
	"""Forget what could not be taken back, so that it is tried again."""
	kept = {n: found for n, found in step.undone.items() if found.made.is_good}
	return dataclasses.replace(step, undone=kept, attempts=0)


def _begun(run: Run, entry: Entry) -> Run:
	return _with_step(run, entry.data["step"], begun=entry.at)


def _making(run: Run, entry: Entry) -> Run:
	number = entry.data["step"]
	in_doubt = dict.fromkeys((*run.steps[number].in_doubt, *entry.data["batches"]))
	return _with_step(run, number, in_doubt=tuple(in_doubt))


def _made(run: Run, entry: Entry) -> Run:
	number = entry.data["step"]
	step = run.steps[number]
	found = {
		int(batch): Outcome(Made(made), detail) for batch, (made, detail) in entry.data["outcomes"].items()
	}
	known = {*found, *entry.data.get("untouched", ())}
	in_doubt = tuple(batch for batch in step.in_doubt if batch not in known)
	if entry.data.get("undo"):
		return _with_step(run, number, undone={**step.undone, **found}, in_doubt=in_doubt)
	return _with_step(run, number, outcomes={**step.outcomes, **found}, in_doubt=in_doubt)


def _retry(run: Run, entry: Entry) -> Run:
	number = entry.data["step"]
	run = _with_step(run, number, attempts=run.steps[number].attempts + 1)
	return dataclasses.replace(
		run, next_attempt=datetime.fromisoformat(entry.data["at"]), said=entry.data.get("said", "")
	)


def _ended(run: Run, entry: Entry) -> Run:
	data = entry.data
	return _with_step(run, data["step"], ended=True, ok=data["ok"], said=data.get("said", ""), attempts=0)


def _undo(run: Run, _entry: Entry) -> Run:
	steps = tuple(_undo_once_more(step) for step in run.steps)
	return dataclasses.replace(
		run, undoing=True, state=RunState.RUNNING, said="", next_attempt=None, steps=steps
	)


def _verified(run: Run, entry: Entry) -> Run:
	return dataclasses.replace(run, left=tuple(entry.data["left"]))


def _unchanged(run: Run, _entry: Entry) -> Run:
	return run


_READ = {
	EntryKind.CREATED: _unchanged,
	EntryKind.PLANNED: _planned,
	EntryKind.APPROVED: _approved,
	EntryKind.REJECTED: _unchanged,
	EntryKind.STATE: _state,
	EntryKind.BEGUN: _begun,
	EntryKind.MAKING: _making,
	EntryKind.MADE: _made,
	EntryKind.CONFIRMED: _unchanged,
	EntryKind.RETRY: _retry,
	EntryKind.ENDED: _ended,
	EntryKind.UNDO: _undo,
	EntryKind.VERIFIED: _verified,
	EntryKind.NOTE: _unchanged,
}
