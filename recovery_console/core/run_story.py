"""What a run's journal tells the timeline of an incident: who asked, who agreed, what each step did."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from recovery_console.core.finding import _
from recovery_console.core.record import dataclass
from recovery_console.core.run import Entry, EntryKind, Run, RunState

#: Of a reason or an outcome so much stands in a line.
_LONGEST = 500


@dataclass(frozen=True)
class Told:
	"""A line for the timeline: when, who, and what."""

	at: datetime
	actor: str
	detail: str


def story(run: Run, entries: Iterable[Entry]) -> list[Told]:
	"""Return what a journal tells, oldest first. What is told once is told the same, however long it grows.

	Args:
		run: The run that the journal adds up to.
		entries: The journal's entries, oldest first.
	"""
	found = ((entry, _detail(run, entry)) for entry in entries)
	return [Told(entry.at, entry.actor, detail.strip()) for entry, detail in found if detail]


def _detail(run: Run, entry: Entry) -> str:
	tell = _TELL.get(entry.kind)
	return tell(run, entry) if tell is not None else ""


def _short(text: object) -> str:
	said = " ".join(str(text or "").split())
	return said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"


def _created(run: Run, entry: Entry) -> str:
	text = _("{run}: {title} was asked for. {reason}")
	return text.format(run=run.id, title=entry.data["title"], reason=_short(entry.data["reason"]))


def _approved(run: Run, entry: Entry) -> str:
	return _("{run}: approved. {reason}").format(run=run.id, reason=_short(entry.data["reason"]))


def _rejected(run: Run, entry: Entry) -> str:
	return _("{run}: refused. {reason}").format(run=run.id, reason=_short(entry.data.get("reason")))


def _state(run: Run, entry: Entry) -> str:
	"""Tell of a pause; how a run begins and ends is told with what that does to the incident."""
	if RunState(entry.data["state"]) is not RunState.PAUSED:
		return ""
	return _("{run}: paused. {said}").format(run=run.id, said=_short(entry.data.get("said")))


def _ended(run: Run, entry: Entry) -> str:
	number = int(entry.data["step"])
	step = run.steps[number].step
	title = step.title or step.check or step.action or step.kind.value
	text = _("{run}: step {number} of {count}, {title}: done. {said}")
	if not entry.data["ok"]:
		text = _("{run}: step {number} of {count}, {title}: failed. {said}")
	return text.format(
		run=run.id, number=number + 1, count=len(run.steps), title=title, said=_short(entry.data.get("said"))
	)


def _confirmed(run: Run, entry: Entry) -> str:
	return _("{run}: a manual step was confirmed. {note}").format(
		run=run.id, note=_short(entry.data.get("note"))
	)


def _undo(run: Run, _entry: Entry) -> str:
	return _("{run}: what it made is being taken back.").format(run=run.id)


_TELL = {
	EntryKind.CREATED: _created,
	EntryKind.APPROVED: _approved,
	EntryKind.REJECTED: _rejected,
	EntryKind.STATE: _state,
	EntryKind.ENDED: _ended,
	EntryKind.CONFIRMED: _confirmed,
	EntryKind.UNDO: _undo,
}
