"""A blip opens no incident."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from recovery_console.core.sighting import Sighting
from recovery_console.core.suspicion import (
	LOOK_EVERY,
	LOOK_FOR,
	LOOKS_APART,
	Confirmation,
	Suspect,
	Verdict,
	judge,
	to_look_again,
)

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=timezone.utc)
CHECK = "jobs.workers"
EARLIER = NOW - timedelta(minutes=5)
TWO_OF_THREE = Confirmation()


def sighting(fingerprint: str = CHECK) -> Sighting:
	finding = {"fingerprint": fingerprint, "severity": "critical", "title": "x", "count": 1, "caused_by": []}
	return Sighting(CHECK, "jobs", finding, root=fingerprint)


def suspect(looks: str, last: datetime = EARLIER) -> Suspect:
	return Suspect(CHECK, CHECK, looks, EARLIER, last)


def after(looks: str, *, seen: bool, rule: Confirmation = TWO_OF_THREE) -> tuple[Verdict, str]:
	[only] = judge([suspect(looks)], {CHECK: sighting()} if seen else {}, {CHECK}, NOW, rule)
	return only.verdict, only.suspect.looks


def test_the_first_look_makes_it_suspected() -> None:
	[only] = judge([], {CHECK: sighting()}, {CHECK}, NOW)
	assert (only.verdict, only.suspect) == (Verdict.SUSPECTED, Suspect(CHECK, CHECK, "1", NOW, NOW))
	assert only.sighting == sighting()


def test_where_one_look_is_enough_it_is_confirmed_at_once() -> None:
	[only] = judge([], {CHECK: sighting()}, {CHECK}, NOW, Confirmation(1, 1))
	assert only.verdict is Verdict.CONFIRMED


@pytest.mark.parametrize(
	("looks", "seen", "verdict", "then"),
	[
		("1", True, Verdict.CONFIRMED, "11"),
		("1", False, Verdict.SUSPECTED, "10"),
		("10", True, Verdict.CONFIRMED, "101"),
		("10", False, Verdict.PASSED, "100"),
	],
)
def test_two_of_three_looks_must_see_it(looks: str, seen: bool, verdict: Verdict, then: str) -> None:
	assert after(looks, seen=seen) == (verdict, then)


@pytest.mark.parametrize(
	("looks", "seen", "verdict"),
	[
		("1011", True, Verdict.CONFIRMED),
		("1001", True, Verdict.CONFIRMED),
		("10010", True, Verdict.SUSPECTED),
		("10011", True, Verdict.CONFIRMED),
		("10000", False, Verdict.PASSED),
		("1000", False, Verdict.PASSED),
		("100", False, Verdict.SUSPECTED),
	],
)
def test_of_many_looks_only_the_latest_count(looks: str, seen: bool, verdict: Verdict) -> None:
	assert after(looks, seen=seen, rule=Confirmation(3, 5))[0] is verdict


def test_three_in_a_row_means_in_a_row() -> None:
	assert after("11", seen=False, rule=Confirmation(3, 3))[0] is Verdict.SUSPECTED
	assert after("110", seen=True, rule=Confirmation(3, 3)) == (Verdict.SUSPECTED, "101")


def test_a_look_that_comes_too_soon_is_none() -> None:
	hasty = suspect("1", NOW - LOOKS_APART + timedelta(seconds=1))
	assert judge([hasty], {CHECK: sighting()}, {CHECK}, NOW) == []
	[only] = judge([suspect("1", NOW - LOOKS_APART)], {CHECK: sighting()}, {CHECK}, NOW)
	assert only.verdict is Verdict.CONFIRMED


def test_a_look_into_the_past_is_none() -> None:
	assert judge([suspect("1", NOW + timedelta(hours=1))], {CHECK: sighting()}, {CHECK}, NOW) == []


def test_a_check_that_could_not_look_says_nothing() -> None:
	assert judge([suspect("1")], {}, set(), NOW) == []


def test_problems_of_one_check_are_judged_each_by_itself() -> None:
	other = f"{CHECK}:other"
	judged = judge([suspect("1")], {other: sighting(other)}, {CHECK}, NOW)
	assert {each.suspect.fingerprint: each.suspect.looks for each in judged} == {CHECK: "10", other: "1"}


@pytest.mark.parametrize(("looks", "of"), [(0, 3), (3, 2)])
def test_a_rule_that_nothing_meets_is_refused(looks: int, of: int) -> None:
	with pytest.raises(ValueError, match=f"{looks} of {of}"):
		Confirmation(looks, of)


def test_checks_look_again_every_few_minutes_for_an_hour() -> None:
	def asked(last: timedelta, first: timedelta) -> set[str]:
		return to_look_again([Suspect(CHECK, CHECK, "1", NOW - first, NOW - last)], NOW)

	assert asked(LOOK_EVERY, LOOK_EVERY) == {CHECK}
	assert asked(LOOK_EVERY - timedelta(seconds=1), LOOK_EVERY) == set()
	assert asked(LOOK_EVERY, LOOK_FOR) == {CHECK}
	assert asked(LOOK_EVERY, LOOK_FOR + timedelta(seconds=1)) == set()
