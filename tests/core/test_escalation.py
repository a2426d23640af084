"""Whom to call and when, by a clock of our own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from recovery_console.core import clocks as rules
from recovery_console.core.clocks import Clocks
from recovery_console.core.contacts import Contact, contact_of, contacts_for
from recovery_console.core.durations import parse_duration
from recovery_console.core.escalation import PATHS, Call, call_text, people_text
from recovery_console.core.response import STEPS, Policy, Step, policy_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
POLICY = policy_of({"holidays_country": "NL"}, AMSTERDAM)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOON = "2026-11-18 12:00"  # a Wednesday

Seen = list[tuple[int, tuple[int, ...], str]]


def at(text: str) -> datetime:
	"""Return a moment of Amsterdam's clocks in UTC."""
	return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(timezone.utc)


def swept(
	clocks: Clocks, since: datetime, minutes: Iterable[int], policy: Policy = POLICY
) -> tuple[Clocks, Seen]:
	"""Sweep at each of these minutes; return who was called: minute, tiers and why."""
	seen = []
	for minute in minutes:
		found = rules.sweep(policy, clocks, since + minute * MINUTE)
		clocks = rules.from_json(rules.as_json(found.clocks))  # as after a restart of everything
		if found.call:
			seen.append((minute, found.call.tiers, found.call.why))
	return clocks, seen


def calls(severity: str, since: str, minutes: Iterable[int]) -> Seen:
	return swept(rules.start(POLICY, severity, at(since)), at(since), minutes)[1]


@pytest.mark.parametrize(
	("severity", "since", "expected"),
	[
		("S1", NOON, [(0, (1,)), (15, (2,)), (30, (3,)), (60, (4,))]),
		("S2", NOON, [(0, (1,)), (60, (2,))]),
		("S3", NOON, [(240, (1,))]),
		("S4", NOON, []),
		# Around the clock, through the night in which clocks change.
		("S1", "2026-03-29 01:45", [(0, (1,)), (15, (2,)), (30, (3,)), (60, (4,))]),
		("S1", "2026-10-25 02:45", [(0, (1,)), (15, (2,)), (30, (3,)), (60, (4,))]),
		# In working hours: from 16:00 on Friday to 12:00 on Monday, an hour shorter and an hour longer than usual.
		("S3", "2026-11-20 16:00", [(68 * 60, (1,))]),
		("S3", "2026-03-27 16:00", [(67 * 60, (1,))]),
		("S3", "2026-10-23 16:00", [(69 * 60, (1,))]),
	],
)
def test_every_severity_calls_when_the_table_says(
	severity: str, since: str, expected: list[tuple[int, tuple[int, ...]]]
) -> None:
	found = calls(severity, since, range(70 * 60))
	assert [(minute, tiers) for minute, tiers, why in found if why in ("new", "unanswered")] == expected


def test_the_last_call_is_repeated_ever_more_rarely() -> None:
	found = [minute for minute, tiers, why in calls("S1", NOON, range(1500)) if why == "repeated"]
	assert found == [90, 150, 270, 510, 750, 990, 1230, 1470]  # after 30 min, 1 h, 2 h, and then every 4 h
	found = [minute for minute, tiers, why in calls("S2", NOON, range(900)) if why == "repeated"]
	assert found == [120, 240, 480, 720]


def test_in_working_hours_the_last_call_is_repeated_in_working_hours() -> None:
	sweeps = range(0, 11 * 1440, 60)
	found = [minute // 60 for minute, _tiers, _why in calls("S3", "2026-11-16 09:00", sweeps)]
	assert found == [
		4,
		8,
		32,
		80,
		224,
	]  # 13:00, 17:00; the evenings of Tuesday, Thursday and the next Wednesday


def test_a_scheduler_that_stood_still_calls_all_who_were_due_at_once_and_once() -> None:
	found = calls("S1", NOON, [40, 41, 44])
	assert found == [(40, (1, 2, 3), "unanswered")]
	found = calls("S1", NOON, [9 * 60, 9 * 60 + 4, 9 * 60 + 29, 9 * 60 + 30])
	assert found == [(540, (1, 2, 3, 4), "unanswered"), (570, (4,), "repeated")]


@pytest.mark.parametrize("status", ["Acknowledged", "Investigating"])
def test_an_acknowledgement_stops_the_calls_until_it_is_quiet_for_too_long(status: str) -> None:
	clocks, found = swept(rules.start(POLICY, "S1", at(NOON)), at(NOON), range(20))
	assert found == [(0, (1,), "new"), (15, (2,), "unanswered")]
	clocks = rules.with_status(POLICY, clocks, status, at(NOON) + 20 * MINUTE)
	clocks, found = swept(clocks, at(NOON), range(20, 50))
	assert found == []
	_clocks, found = swept(clocks, at(NOON), range(50, 120))  # E3's time is 30 min
	assert found == [
		(50, (1,), "quiet"),
		(65, (2,), "unanswered"),
		(80, (3,), "unanswered"),
		(110, (4,), "unanswered"),
	]


def test_a_sign_of_life_stops_the_calls_again() -> None:
	clocks = rules.with_status(POLICY, rules.start(POLICY, "S1", at(NOON)), "Acknowledged", at(NOON))
	clocks = rules.heard(POLICY, clocks, at(NOON) + 10 * MINUTE)
	clocks, found = swept(clocks, at(NOON), range(26))
	assert found == [(25, (1,), "quiet")]
	clocks = rules.heard(POLICY, clocks, at(NOON) + 26 * MINUTE)
	assert swept(clocks, at(NOON), range(26, 40))[1] == []


def test_what_nobody_acknowledged_is_not_calmed_by_a_note() -> None:
	clocks = rules.start(POLICY, "S1", at(NOON))
	assert rules.heard(POLICY, clocks, at(NOON) + MINUTE) == clocks


@pytest.mark.parametrize("status", ["Mitigated", "Resolved", "Closed"])
def test_nobody_is_called_when_people_can_work_again(status: str) -> None:
	clocks = rules.start(POLICY, "S1", at(NOON))
	clocks = rules.with_status(POLICY, clocks, "Resolved", at(NOON)) if status == "Closed" else clocks
	clocks = rules.with_status(POLICY, clocks, status, at(NOON) + MINUTE)
	assert swept(clocks, at(NOON), range(600))[1] == []


def test_what_comes_back_calls_anew() -> None:
	clocks = rules.with_status(POLICY, rules.start(POLICY, "S1", at(NOON)), "Resolved", at(NOON))
	clocks = rules.with_status(POLICY, clocks, "Reopened", at(NOON) + DAY)
	assert swept(clocks, at(NOON) + DAY, range(20))[1] == [(0, (1,), "new"), (15, (2,), "unanswered")]


def test_what_becomes_worse_calls_at_once_and_what_becomes_better_calls_nobody_twice() -> None:
	clocks, found = swept(rules.start(POLICY, "S3", at(NOON)), at(NOON), range(100))
	assert found == []
	clocks = rules.with_severity(POLICY, clocks, "S1", at(NOON) + 100 * MINUTE)
	clocks, found = swept(clocks, at(NOON), range(100, 120))
	assert found == [(100, (1,), "new"), (115, (2,), "unanswered")]
	clocks = rules.with_severity(POLICY, clocks, "S2", at(NOON) + 120 * MINUTE)
	_clocks, found = swept(clocks, at(NOON), range(120, 200))
	assert found == [(160, (2,), "repeated")]  # an hour after E2's time
	clocks = rules.with_severity(POLICY, clocks, "S4", at(NOON) + 121 * MINUTE)
	assert swept(clocks, at(NOON), range(121, 9000, 10))[1] == []


def test_another_severity_leaves_those_alone_who_are_at_it() -> None:
	clocks = rules.with_status(POLICY, rules.start(POLICY, "S3", at(NOON)), "Acknowledged", at(NOON))
	clocks = rules.with_severity(POLICY, clocks, "S1", at(NOON) + 9 * MINUTE)
	assert swept(clocks, at(NOON), range(26))[1] == [(24, (1,), "quiet")]


def test_who_waits_for_a_vendor_is_not_called_for_being_quiet() -> None:
	clocks = rules.with_status(POLICY, rules.start(POLICY, "S1", at(NOON)), "Acknowledged", at(NOON))
	clocks = rules.pause(POLICY, clocks, "Vendor", at(NOON) + 5 * MINUTE)
	clocks = rules.heard(POLICY, clocks, at(NOON) + 6 * MINUTE)
	clocks, found = swept(clocks, at(NOON), range(0, 3000, 5))
	assert found == []
	clocks = rules.go_on(POLICY, clocks, at(NOON) + 3000 * MINUTE)
	assert swept(clocks, at(NOON), range(3000, 3020))[1] == [(3015, (1,), "quiet")]


def test_a_snooze_keeps_everybody_from_being_called_and_those_who_are_at_it_too() -> None:
	clocks = rules.with_status(POLICY, rules.start(POLICY, "S1", at(NOON)), "Acknowledged", at(NOON))
	clocks = rules.snooze(POLICY, clocks, at(NOON) + 2 * HOUR, at(NOON) + MINUTE)
	assert swept(clocks, at(NOON), range(150))[1] == [(135, (1,), "quiet")]
	clocks = rules.with_status(POLICY, clocks, "Investigating", at(NOON) + 2 * MINUTE)
	assert swept(clocks, at(NOON), range(150))[1] == [(135, (1,), "quiet")]


def test_a_site_has_its_own_steps() -> None:
	rows = [
		{"severity": "S2", "tier": "E3", "after": "20 min"},
		{"severity": "S2", "tier": "E1", "after": "10 min"},
		{"severity": "S4", "tier": "E1", "after": "1 day", "business_hours": 1},
	]
	policy = policy_of({"escalation": rows}, AMSTERDAM)
	found = swept(rules.start(policy, "S2", at(NOON)), at(NOON), range(40), policy)[1]
	assert found == [(10, (1,), "unanswered"), (20, (3,), "unanswered"), (35, (3,), "repeated")]
	found = swept(rules.start(policy, "S4", at(NOON)), at(NOON), range(1441), policy)[1]
	assert found == [(1440, (1,), "unanswered")]
	assert policy.steps["S1"] == STEPS["S1"]


def test_a_higher_tier_that_was_called_first_is_not_followed_by_a_lower_one() -> None:
	steps = (Step(2, parse_duration("1 h"), business_hours=True), Step(3, parse_duration("2 h")))
	policy = replace(POLICY, steps={**STEPS, "S2": steps})
	found = swept(
		rules.start(policy, "S2", at("2026-11-20 20:00")), at("2026-11-20 20:00"), range(120, 121), policy
	)[1]
	assert found == [(120, (3,), "unanswered")]


LISTED = [
	Contact("Ann", 1),
	Contact("Ben", 2, "All"),
	Contact("Cas", 2, "Security"),
	Contact("Dee", 3, "Vendor"),
]


@pytest.mark.parametrize(
	("tier", "category", "names"),
	[
		(1, "Security", ["Ann"]),
		(2, "Security", ["Cas", "Ben"]),
		(2, "Vendor", ["Ben"]),
		(3, "Security", []),
		(4, "Vendor", []),
	],
)
def test_those_for_the_category_are_called_and_those_for_all(
	tier: int, category: str, names: list[str]
) -> None:
	assert [contact.name for contact in contacts_for(LISTED, tier, category)] == names


def test_a_contact_is_read_as_the_settings_hold_it() -> None:
	row = {
		"contact_name": "Ann",
		"tier": "E3",
		"category": "Security",
		"phone": "+31 20 5550100",
		"email": None,
	}
	assert contact_of(row) == Contact("Ann", 3, "Security", phone="+31 20 5550100")
	assert contact_of({"contact_name": "Ben"}) == Contact("Ben")


@pytest.mark.parametrize("category", list(PATHS))
def test_every_category_has_a_path_of_four(category: str) -> None:
	text = call_text(Call((1, 2, 3, 4), at(NOON)), "S1", category, at(NOON))
	assert all(f"E{tier} ({PATHS[category][tier - 1]})" in text for tier in (1, 2, 3, 4))
	assert "due" not in text


def test_a_late_call_says_so_and_a_repeated_one_reads_otherwise() -> None:
	call = Call((2,), at(NOON))
	late = call_text(call, "S1", "Technical", at(NOON) + 3 * HOUR)
	assert "due 3 h ago" in late
	texts = {
		call_text(replace(call, why=why), "S1", "", at(NOON))
		for why in ("new", "unanswered", "repeated", "quiet")
	}
	assert len(texts) == 4


def test_it_says_where_the_settings_list_nobody() -> None:
	assert people_text(["Ann", "Ben"], []) == "Told: Ann, Ben."
	assert "list nobody for E3, E4 whom the console can reach: the site's managers" in people_text(
		["Ann"], [3, 4]
	)
	assert people_text([], [1]).startswith("Nobody could be told. List somebody")


def test_who_can_only_be_phoned_is_not_said_to_be_told() -> None:
	said = people_text(["Ann"], [2], ["Ben", "Vendor"])
	assert said.startswith("Told: Ann.")
	assert "cannot reach Ben, Vendor: call them" in said
	assert people_text([], [], ["Ben"]) == (
		"Nobody could be told. The console cannot reach Ben: call them, the contacts card has their numbers."
	)


def test_the_console_reaches_mail_users_and_channels_that_are_enabled() -> None:
	assert Contact("Ann", email="ann@example.org").can_be_told([])
	assert Contact("Ann", user="ann@example.org").can_be_told([])
	assert Contact("Ann", channel="Chat").can_be_told(["Chat"])
	assert not Contact("Ann", channel="Chat", phone="1", link="https://example.org").can_be_told([])
