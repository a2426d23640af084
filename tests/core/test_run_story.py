"""What a run's journal tells a timeline: each thing once and the same, however long the journal grows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from recovery_console.core.edits.values import pack
from recovery_console.core.fold import fold, step_as_dict
from recovery_console.core.run import Entry, EntryKind
from recovery_console.core.run_story import story
from recovery_console.core.runbook import Step, StepKind
from recovery_console.core.times import UTC

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
STEPS = [
	Step(StepKind.CHECK, title="Look", check="email.stuck_sending"),
	Step(StepKind.MANUAL, title="Call the provider"),
]
CREATED = {
	"runbook": "x",
	"title": "Release mails",
	"site": "s",
	"reason": "They wait.",
	"parameters": pack({}),
	"verify": [],
	"before": {},
	"steps": [step_as_dict(step) for step in STEPS],
}


def entries(*said: tuple[EntryKind, str, dict[str, Any]]) -> list[Entry]:
	whole = [(EntryKind.CREATED, "anna@example.org", CREATED), *said]
	return [
		Entry(number, AT + timedelta(minutes=number), actor, kind, data)
		for number, (kind, actor, data) in enumerate(whole, 1)
	]


def told(*said: tuple[EntryKind, str, dict[str, Any]]) -> list[tuple[str, str]]:
	journal = entries(*said)
	return [(line.actor, line.detail) for line in story(fold("R1", journal), journal)]


def test_who_asked_who_agreed_and_what_each_step_did() -> None:
	assert told(
		(
			EntryKind.APPROVED,
			"bram@example.org",
			{"reason": "Go on.", "digest": "d", "expires": AT.isoformat(), "step": -1},
		),
		(EntryKind.STATE, "scheduler", {"state": "Running"}),
		(EntryKind.BEGUN, "scheduler", {"step": 0}),
		(EntryKind.ENDED, "scheduler", {"step": 0, "ok": True, "said": "12 found."}),
		(EntryKind.CONFIRMED, "anna@example.org", {"step": 1, "note": "They\n know."}),
		(EntryKind.ENDED, "scheduler", {"step": 1, "ok": False, "said": ""}),
		(EntryKind.STATE, "scheduler", {"state": "Failed", "said": "No."}),
		(EntryKind.UNDO, "bram@example.org", {"reason": ""}),
	) == [
		("anna@example.org", "R1: Release mails was asked for. They wait."),
		("bram@example.org", "R1: approved. Go on."),
		("scheduler", "R1: step 1 of 2, Look: done. 12 found."),
		("anna@example.org", "R1: a manual step was confirmed. They know."),
		("scheduler", "R1: step 2 of 2, Call the provider: failed."),
		("bram@example.org", "R1: what it made is being taken back."),
	]


def test_a_refusal_and_a_pause_are_told() -> None:
	assert told(
		(EntryKind.REJECTED, "bram@example.org", {"reason": "Not now."}),
		(EntryKind.STATE, "anna@example.org", {"state": "Paused", "said": "x" * 900}),
	)[1:] == [
		("bram@example.org", "R1: refused. Not now."),
		("anna@example.org", "R1: paused. " + "x" * 499 + "…"),
	]


def test_what_is_told_stays_when_the_journal_grows() -> None:
	journal = entries(
		(EntryKind.ENDED, "scheduler", {"step": 0, "ok": True}),
		(EntryKind.CONFIRMED, "anna@example.org", {"step": 1, "note": ""}),
		(EntryKind.ENDED, "scheduler", {"step": 1, "ok": True}),
	)
	whole = story(fold("R1", journal), journal)
	for length in range(1, len(journal)):
		part = journal[:length]
		begun = story(fold("R1", part), part)
		assert whole[: len(begun)] == begun
