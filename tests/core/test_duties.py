"""The check calendar: periods, due days, answers of checks, and what nobody can change later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from recovery_console.core import duties
from recovery_console.core.duties import Duty, Rhythm, SignOff, period_of
from recovery_console.core.people import MANAGER, OPERATOR
from recovery_console.core.registry import all_checks

DUTY = Duty("d", "Look", Rhythm.DAILY, "Look at it.", ("email.*", "jobs.workers"))
DAY = date(2026, 11, 22)  # a Sunday


def days(first: date, last: date) -> Iterator[date]:
	while first <= last:
		yield first
		first += timedelta(days=1)


def report(**statuses: str) -> dict[str, Any]:
	"""A report; `email__stuck="warning"` is a check that found something."""
	return {
		"checks": [
			{
				"id": name.replace("__", "."),
				"status": status,
				"reason": "It may not." if status in ("unknown", "skipped") else None,
				"findings": [{"title": "3 are stuck"}] if status in ("warning", "critical", "info") else [],
			}
			for name, status in statuses.items()
		]
	}


@pytest.mark.parametrize(
	("rhythm", "day", "name", "start", "end"),
	[
		(Rhythm.DAILY, DAY, "2026-11-22", DAY, DAY),
		(Rhythm.WEEKLY, DAY, "2026-W47", date(2026, 11, 16), DAY),
		(Rhythm.WEEKLY, date(2027, 1, 1), "2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
		(Rhythm.WEEKLY, date(2024, 12, 30), "2025-W01", date(2024, 12, 30), date(2025, 1, 5)),
		(Rhythm.MONTHLY, date(2028, 2, 10), "2028-02", date(2028, 2, 1), date(2028, 2, 29)),
		(Rhythm.MONTHLY, date(2026, 12, 31), "2026-12", date(2026, 12, 1), date(2026, 12, 31)),
		(Rhythm.QUARTERLY, DAY, "2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
		(Rhythm.QUARTERLY, date(2026, 1, 1), "2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
		(Rhythm.HALF_YEARLY, DAY, "2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
		(Rhythm.YEARLY, DAY, "2026", date(2026, 1, 1), date(2026, 12, 31)),
	],
)
def test_the_period_of_a_day(rhythm: Rhythm, day: date, name: str, start: date, end: date) -> None:
	assert period_of(rhythm, day) == duties.Period(name, start, end)


@pytest.mark.parametrize("rhythm", list(Rhythm))
def test_periods_follow_each_other_without_gap_or_overlap(rhythm: Rhythm) -> None:
	names = set()
	for day in days(date(2024, 1, 1), date(2028, 12, 31)):
		period = period_of(rhythm, day)
		assert period.start <= day <= period.end
		assert duties.following(rhythm, period).start == period.end + timedelta(days=1)
		names.add(period.name)
	expected = {
		Rhythm.DAILY: 1827,
		Rhythm.MONTHLY: 60,
		Rhythm.QUARTERLY: 20,
		Rhythm.HALF_YEARLY: 10,
		Rhythm.YEARLY: 5,
	}
	if rhythm in expected:
		assert len(names) == expected[rhythm]


@pytest.mark.parametrize(
	"zone", ["Europe/Amsterdam", "America/Sao_Paulo", "Africa/Cairo", "Australia/Lord_Howe"]
)
@pytest.mark.parametrize("year", [2016, 2026])
def test_every_day_of_a_zone_has_its_daily_duty_once_whatever_the_clocks_do(zone: str, year: int) -> None:
	"""A sweeper that comes every four minutes of a year meets each day once, days of 23 and 25 hours among them."""
	local = ZoneInfo(zone)
	now = datetime(year, 1, 1, 12, tzinfo=timezone.utc)
	end = datetime(year, 12, 31, 12, tzinfo=timezone.utc)
	seen: list[str] = []
	while now < end:
		name = period_of(Rhythm.DAILY, now.astimezone(local).date()).name
		if not seen or seen[-1] != name:
			seen.append(name)
		now += timedelta(minutes=20)
	assert len(seen) == len(set(seen))
	assert len(seen) in (365, 366, 367)
	assert seen == sorted(seen)


def test_when_a_duty_is_due() -> None:
	week = period_of(Rhythm.WEEKLY, DAY)
	assert week.due(0) == date(2026, 11, 22)
	assert week.due(1) == date(2026, 11, 16)
	assert week.due(2) == date(2026, 11, 17)
	assert week.due(99) == date(2026, 11, 22)


def test_a_duty_begins_with_the_next_period_where_this_one_is_half_over() -> None:
	monthly = replace(DUTY, rhythm=Rhythm.MONTHLY)
	assert [p.name for p in duties.periods_to_have(monthly, date(2026, 11, 10), date(2026, 11, 22))] == [
		"2026-11"
	]
	assert duties.periods_to_have(monthly, date(2026, 11, 20), date(2026, 11, 22)) == []
	assert [p.name for p in duties.periods_to_have(monthly, date(2026, 11, 20), date(2026, 12, 1))] == [
		"2026-12"
	]
	assert [p.name for p in duties.periods_to_have(DUTY, DAY, DAY)] == ["2026-11-22"]


def test_what_nobody_wrote_down_is_made_up_for_within_limits() -> None:
	found = duties.periods_to_have(DUTY, date(2026, 1, 1), DAY)
	assert [p.name for p in found] == [f"2026-11-{day}" for day in range(16, 23)]
	few = duties.periods_to_have(DUTY, date(2026, 11, 20), DAY)
	assert [p.name for p in few] == ["2026-11-20", "2026-11-21", "2026-11-22"]


def test_a_sign_off_is_overdue_after_its_day_and_missed_after_the_next_period() -> None:
	period = period_of(Rhythm.DAILY, DAY)
	states = [
		duties.state_on(SignOff.OPEN, Rhythm.DAILY, period, DAY, DAY + timedelta(days=n)).value
		for n in range(4)
	]
	assert states == ["Open", "Overdue", "Missed", "Missed"]
	week = period_of(Rhythm.WEEKLY, DAY)
	due = week.due(2)
	states = [
		duties.state_on(SignOff.OPEN, Rhythm.WEEKLY, week, due, day).value
		for day in (due, due + timedelta(days=1), date(2026, 11, 29), date(2026, 11, 30))
	]
	assert states == ["Open", "Overdue", "Overdue", "Missed"]


@pytest.mark.parametrize("state", [SignOff.DONE, SignOff.NOT_APPLICABLE, SignOff.MISSED])
def test_what_is_over_stays_as_it_is(state: SignOff) -> None:
	period = period_of(Rhythm.DAILY, DAY)
	assert duties.state_on(state, Rhythm.DAILY, period, DAY, DAY + timedelta(days=99)) is state


@pytest.mark.parametrize(
	("statuses", "state"),
	[
		({"email__a": "ok", "jobs__workers": "ok"}, "Done"),
		({"email__a": "info", "jobs__workers": "ok"}, "Done"),
		({"email__a": "skipped", "jobs__workers": "ok"}, "Done"),
		({"email__a": "skipped", "jobs__workers": "skipped"}, "Not Applicable"),
		({"email__a": "ok", "email__b": "warning", "jobs__workers": "ok"}, "Open"),
		({"email__a": "critical", "jobs__workers": "ok"}, "Open"),
		({"email__a": "unknown", "jobs__workers": "ok"}, "Open"),
		({"email__a": "ok"}, "Open"),
		({"jobs__workers": "ok"}, "Open"),
		({}, "Open"),
	],
)
def test_checks_answer_only_where_all_of_them_looked_and_found_nothing(
	statuses: dict[str, str], state: str
) -> None:
	assert duties.answer(DUTY, report(**statuses)).state == state


def test_an_answer_says_what_a_person_must_look_at() -> None:
	found = duties.answer(DUTY, report(email__a="ok", email__b="warning", email__c="unknown"))
	assert found.waits_for.splitlines() == [
		"email.b (warning): 3 are stuck",
		"email.c (unknown): It may not.",
		"jobs.workers (unknown): It was not asked.",
	]
	assert [item["check"] for item in found.said] == ["email.a", "email.b", "email.c", "jobs.workers"]
	many = duties.answer(DUTY, report(**{f"email__c{n}": "warning" for n in range(9)}))
	assert many.waits_for.splitlines()[-1] == "and 5 more"


def test_a_snapshot_of_other_families_has_nothing_to_say() -> None:
	assert not duties.answer(DUTY, report(sepa__returns="ok")).asked
	assert duties.answer(DUTY, report(sepa__returns="ok", jobs__workers="unknown")).asked


def test_some_duties_need_a_person_however_well_the_checks_look() -> None:
	found = duties.answer(replace(DUTY, needs_person=True), report(email__a="ok", jobs__workers="ok"))
	assert (found.state, bool(found.waits_for), len(found.said)) == (SignOff.OPEN, True, 2)
	assert duties.for_person(DUTY) != duties.for_person(replace(DUTY, checks=()))


@pytest.mark.parametrize(
	("state", "roles", "needed", "may"),
	[
		("Open", [OPERATOR], OPERATOR, True),
		("Overdue", [OPERATOR], OPERATOR, True),
		("Open", [MANAGER], OPERATOR, True),
		("Open", ["System Manager"], MANAGER, True),
		("Open", [OPERATOR], MANAGER, False),
		("Open", ["Sales User"], OPERATOR, False),
		("Done", [MANAGER], OPERATOR, False),
		("Missed", [MANAGER], OPERATOR, False),
		("Not Applicable", [MANAGER], OPERATOR, False),
	],
)
def test_who_may_sign_off_what(state: str, roles: list[str], needed: str, may: bool) -> None:
	assert (duties.may_sign(state, roles, needed) == "") is may


def test_what_is_overdue_is_told_in_one_sentence() -> None:
	assert duties.overdue_text(["a"]) == "A duty is overdue: a"
	assert duties.overdue_text(["a", "b"]) == "2 duties are overdue: a; b"
	assert duties.overdue_text(list("abcdefg")) == "7 duties are overdue: a; b; c; d; e; and 2 more"


STANDARD = list(duties.standard_duties().values())


def test_there_are_duties_of_every_rhythm() -> None:
	assert {duty.rhythm for duty in STANDARD} == set(Rhythm)
	assert len(STANDARD) >= 30


@pytest.mark.parametrize("duty", STANDARD, ids=lambda duty: duty.id)
def test_a_standard_duty_names_checks_that_snapshots_ask(duty: Duty) -> None:
	asked = {name for name, check in all_checks().items() if not check.on_request}
	assert duties.unknown_checks(duty, asked) == []
	assert duty.checks or not duty.needs_person, "what no check answers needs a person anyhow"
	assert duty.title[0].isupper()
	assert not duty.title.endswith(".")
	assert duty.instructions.endswith(".")
	assert duty.role in (OPERATOR, MANAGER)


def test_a_duty_of_a_site_is_read_from_its_document() -> None:
	values = {
		"title": "T",
		"rhythm": "Weekly",
		"instructions": "I",
		"checks": "jobs.workers\n nope.* email.x \n",
	}
	duty = duties.duty_from("mine", values)
	assert duty.checks == ("jobs.workers", "nope.*", "email.x")
	assert duties.unknown_checks(duty, all_checks()) == ["nope.*", "email.x"]
	assert (duty.needs_person, duty.role, duty.due_after_days) == (False, OPERATOR, 0)
