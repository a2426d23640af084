"""Reviews: when they are due, what they propose, and that a signature notices every change."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest

from recovery_console.core import review
from recovery_console.core.review import Clock, Signature
from recovery_console.core.timeline import EventKind, Line, seal_of

T0 = datetime(2026, 11, 22, 9, 0, tzinfo=timezone.utc)
INCIDENT = "RC-INC-2026-00001"


def at(hours: float) -> datetime:
	return T0 + timedelta(hours=hours)


def sealed(*said: tuple[EventKind, str]) -> list[Line]:
	"""A timeline with one line per hour."""
	lines: list[Line] = []
	for number, (kind, detail) in enumerate(said, 1):
		previous = lines[-1].seal if lines else ""
		line = Line(number, at(number - 1), kind.value, detail, previous=previous)
		lines.append(replace(line, seal=seal_of(INCIDENT, line)))
	return lines


LINES = sealed(
	(EventKind.SEEN, "No worker runs"),
	(EventKind.STATUS, "Investigating"),
	(EventKind.SNAPSHOT, "A snapshot"),
	(EventKind.REPAIRED, "start-workers: Succeeded"),
	(EventKind.RESOLVED, "Twice not found"),
)
TIMES: dict[str, datetime | None] = {
	"first_seen": at(0),
	"acknowledged_at": at(0.5),
	"mitigated_at": None,
	"resolved_at": at(4),
	"closed_at": None,
}


@pytest.mark.parametrize(
	("severity", "hours"), [("S1", 24), ("S2", 48), ("S3", None), ("S4", None), ("", None)]
)
def test_a_review_is_due_as_the_guides_say(severity: str, hours: int | None) -> None:
	assert review.due_of(severity, at(0), None) == (None if hours is None else at(hours))


def test_the_incidents_own_clock_says_when_a_review_is_due() -> None:
	assert review.due_of("S1", at(0), at(3)) == at(3)
	assert review.due_of("S3", at(0), at(3)) == at(3)
	assert review.due_of("S1", None, None) is None


@pytest.mark.parametrize(
	("severity", "beneath", "merged", "wanted"),
	[
		("S1", False, False, True),
		("S2", False, False, True),
		("S3", False, False, False),
		("S1", True, False, False),
		("S1", False, True, False),
	],
)
def test_which_incidents_are_reviewed(severity: str, beneath: bool, merged: bool, wanted: bool) -> None:
	assert review.is_wanted(severity, beneath=beneath, merged=merged) is wanted


def test_reminders_come_before_at_and_every_day_after() -> None:
	due = at(24)
	now, seen = at(0), []
	for _turn in range(5):
		following = review.next_reminder(due, now)
		assert following is not None
		seen.append(following)
		now = following
	assert seen == [at(20), at(24), at(48), at(72), at(96)]
	assert review.next_reminder(None, now) is None


def test_a_sweeper_that_comes_late_reminds_once_and_keeps_the_times() -> None:
	assert review.next_reminder(at(24), at(24 + 60)) == at(24 + 72)


def test_a_reminder_says_how_soon_or_how_late() -> None:
	assert review.reminder_text("The review R", at(4), at(0)) == "The review R is due in 4 h."
	assert review.reminder_text("The review R", at(4), at(4)) == "The review R is due now."
	assert review.reminder_text("The review R", at(4), at(10)) == "The review R was due 6 h ago."


def test_the_story_leaves_out_what_only_fills_it() -> None:
	assert [line.number for line in review.key_lines(LINES)] == [1, 2, 4, 5]


def test_the_six_moments_come_from_the_record() -> None:
	assert review.moments(TIMES, LINES, "The worker was killed.") == {
		"detected": at(0),
		"investigated": at(1),
		"cause_found": at(0),
		"mitigation_applied": at(3),
		"restored": at(4),
		"closed": None,
	}


def test_a_moment_that_is_not_on_record_is_left_to_people() -> None:
	found = review.moments({**TIMES, "mitigated_at": at(2)}, LINES[:1], "")
	assert found["investigated"] == at(0.5)  # when somebody acknowledged it
	assert found["cause_found"] is None
	assert (found["mitigation_applied"], found["restored"]) == (at(2), at(2))


def test_a_clock_is_kept_broken_or_open() -> None:
	kept = Clock("acknowledge", due=at(1), reached=at(0.5), late_since=None, began=at(0))
	assert kept.kept(at(9)) is True
	assert kept.took == timedelta(minutes=30)
	assert replace(kept, reached=at(1)).kept(at(9)) is True
	assert replace(kept, reached=at(2)).kept(at(9)) is False
	assert replace(kept, late_since=at(1)).kept(at(9)) is False
	assert replace(kept, reached=None).kept(at(0.5)) is None
	assert replace(kept, reached=None).kept(at(1.5)) is False
	assert replace(kept, due=None).kept(at(9)) is None
	assert replace(kept, reached=None).took is None


def test_a_new_draft_leaves_a_persons_words_alone() -> None:
	drafted = {"summary": "It lasted 2 h.", "resolution": "One run.", "impact_text": ""}
	written = {"summary": "It lasted 2 h.", "resolution": "We did it by hand.", "impact_text": " "}
	proposed = {"summary": "It lasted 3 h.", "resolution": "Two runs.", "impact_text": "31 members"}
	assert review.keep_words(written, drafted, proposed) == {
		"summary": "It lasted 3 h.",
		"impact_text": "31 members",
	}


def test_what_must_be_said_before_signing() -> None:
	assert review.lacking(dict.fromkeys(review.MUST_SAY, "said")) == []
	assert review.lacking({**dict.fromkeys(review.MUST_SAY, "said"), "lessons": " \n"}) == ["Lessons"]
	assert review.lacking({}) == list(review.MUST_SAY.values())


SIGNED = {"root_cause": "A kill", "closed": "2026-11-22 14:00:00", "facts": "{}", "lessons": ""}
DIGEST = review.digest_of("R1", INCIDENT, SIGNED, LINES[-1].seal)
SIGNATURE = Signature("anna@example.org", at(5), DIGEST, len(LINES), LINES[-1].seal)


def test_a_signature_holds_while_the_timeline_goes_on() -> None:
	longer = sealed(*((EventKind(line.event), line.detail) for line in LINES), (EventKind.NOTE, "signed"))
	assert review.changed_since(SIGNATURE, DIGEST, INCIDENT, longer) == []


@pytest.mark.parametrize("field", sorted(SIGNED))
def test_a_signature_notices_a_change_of_any_text(field: str) -> None:
	changed = {**SIGNED, field: "something else"}
	digest = review.digest_of("R1", INCIDENT, changed, LINES[-1].seal)
	assert review.changed_since(SIGNATURE, digest, INCIDENT, LINES) == [
		"The review does not read as it was signed."
	]


def test_a_digest_does_not_depend_on_how_a_database_returns_texts() -> None:
	returned = {**SIGNED, "root_cause": "A kill\r\n", "lessons": None}
	assert review.digest_of("R1", INCIDENT, returned, LINES[-1].seal) == DIGEST
	assert review.digest_of("R2", INCIDENT, SIGNED, LINES[-1].seal) != DIGEST


def test_a_signature_notices_a_line_that_was_changed_taken_out_or_cut_off() -> None:
	forged = [*LINES[:2], replace(LINES[2], detail="Nothing happened"), *LINES[3:]]
	assert review.changed_since(SIGNATURE, DIGEST, INCIDENT, forged) == [
		"Line 3 of the timeline is not as it was when the review was signed."
	]
	without = [*LINES[:2], *LINES[3:]]
	assert len(review.changed_since(SIGNATURE, DIGEST, INCIDENT, without)) == 1
	assert review.changed_since(SIGNATURE, DIGEST, INCIDENT, LINES[:-1]) == [
		"The timeline is not the one that was signed."
	]


def test_a_signature_notices_a_timeline_that_was_written_anew_and_sealed_well() -> None:
	anew = sealed(*((EventKind(line.event), line.detail.upper()) for line in LINES))
	assert review.changed_since(SIGNATURE, DIGEST, INCIDENT, anew) == [
		"The timeline is not the one that was signed."
	]


def test_what_the_writers_should_think_of() -> None:
	said = review.proposals(answering=["start-workers"], ran=["other"], earlier=2, late=["resolve"], cause="")
	assert len(said) == 4
	assert "start-workers" in said[0]
	assert "(2)" in said[1]
	assert "resolve" in said[2]
	assert review.proposals(answering=["a"], ran=["a"], earlier=0, late=[], cause="why") == []
	assert len(review.proposals(answering=[], ran=[], earlier=0, late=[], cause="why")) == 1


def test_the_first_sentence() -> None:
	assert review.in_short("No worker runs.", at(0), at(4), 3) == "No worker runs. It lasted 4 h; 3 affected."
	assert review.in_short("No worker runs", at(0), at(4), 0) == "No worker runs. It lasted 4 h."
	assert review.in_short("No worker runs", None, at(4), 3) == "No worker runs."


def test_every_moment_follows_the_one_before_in_the_label_order() -> None:
	found = [moment for moment in review.moments(TIMES, LINES, "known").values() if moment]
	late = [(before, after) for before, after in pairwise(found) if after < before]
	assert late == [(at(1), at(0))]  # the console names a cause when it detects; people may correct it
