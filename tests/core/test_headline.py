"""The first sentence of the page, for every way in which a site can be."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from recovery_console.core.finding import Severity, Status
from recovery_console.core.headline import EFFECTS, Problem, headline, since_words
from recovery_console.core.registry import all_checks
from recovery_console.core.times import UTC, zone

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TWO_TEN = datetime(2026, 11, 22, 1, 10, tzinfo=UTC)
AMSTERDAM = zone("Europe/Amsterdam")
NO_WORKER = Problem(
	"No background worker is running.", Severity.CRITICAL, ("jobs.backlog", "email.starving"), TWO_TEN
)
STUCK = Problem("Mails stuck in Sending: 12.", Severity.WARNING)
NOTE = Problem("3 accounts are unused.", Severity.INFO)


def said(status: Status | None, *problems: Problem, **given: Any) -> str:
	sentences = headline(status, problems, now=NOW, local=AMSTERDAM, **given)
	return " ".join(sentence.text for sentence in sentences)


@pytest.mark.parametrize(
	("status", "problems", "given", "expected"),
	[
		(None, (), {}, "Nobody has looked at this site yet. Run a diagnosis to see how it is."),
		(Status.OK, (), {"looked": 212}, "All is well. Checks that looked: 212."),
		(Status.INFO, (NOTE,), {"looked": 212}, "All is well. Checks that looked: 212."),
		(
			Status.CRITICAL,
			(NO_WORKER,),
			{},
			"Background work stands still since 02:10. The cause: No background worker is running.",
		),
		(
			Status.CRITICAL,
			(Problem("No background worker is running.", Severity.CRITICAL, ("email.starving",)),),
			{},
			"Mail is not going out. The cause: No background worker is running.",
		),
		(Status.WARNING, (STUCK,), {}, "Mails stuck in Sending: 12."),
		(
			Status.WARNING,
			(Problem(STUCK.title, STUCK.severity, (), TWO_TEN - timedelta(days=2)),),
			{},
			"Mails stuck in Sending: 12, since 2026-11-20 02:10.",
		),
		(
			Status.CRITICAL,
			(Problem("A is broken.", Severity.CRITICAL), NO_WORKER, STUCK, STUCK, NOTE),
			{},
			"A is broken. One more problem is critical. 2 more need attention.",
		),
		(
			Status.CRITICAL,
			(Problem("A is broken.", Severity.CRITICAL), NO_WORKER, NO_WORKER, STUCK),
			{},
			"A is broken. 2 more problems are critical. One more needs attention.",
		),
		(
			Status.UNKNOWN,
			(),
			{"unknown": 4},
			"Nothing bad was found, but 4 checks could not look, so this is not certain.",
		),
		(
			Status.UNKNOWN,
			(),
			{"unknown": 1},
			"Nothing bad was found, but one check could not look, so this is not certain.",
		),
		(Status.UNKNOWN, (STUCK,), {"unknown": 1}, "Mails stuck in Sending: 12. One check could not look."),
		(Status.UNKNOWN, (STUCK,), {"unknown": 3}, "Mails stuck in Sending: 12. 3 checks could not look."),
		(
			Status.OK,
			(),
			{"looked": 5, "age": timedelta(hours=5)},
			"Nobody knows how this site is now: the last look was 5 h ago. Then it said: "
			"All is well. Checks that looked: 5.",
		),
	],
)
def test_it_says_how_the_site_is(
	status: Status | None, problems: tuple[Problem, ...], given: dict[str, Any], expected: str
) -> None:
	assert said(status, *problems, **given) == expected


def test_what_could_not_be_looked_at_is_never_well() -> None:
	assert "All is well" not in said(Status.UNKNOWN, looked=200, unknown=1)


def test_a_title_with_braces_is_left_as_it_is() -> None:
	assert said(Status.CRITICAL, Problem("{evil} {0}", Severity.CRITICAL)) == "{evil} {0}."


def test_a_time_is_the_readers() -> None:
	assert since_words(TWO_TEN, NOW, UTC) == "01:10"
	assert since_words(datetime(2026, 11, 21, 23, 30, tzinfo=UTC), NOW, AMSTERDAM) == "00:30"
	assert since_words(datetime(2026, 11, 21, 22, 30, tzinfo=UTC), NOW, AMSTERDAM) == "2026-11-21 23:30"


def test_effects_are_of_checks_that_exist() -> None:
	assert sorted(set(EFFECTS) - set(all_checks())) == []
