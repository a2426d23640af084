"""The four clocks, by a clock of our own: due times, pauses, breaches, over both changes of the clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from recovery_console.core import clocks as rules
from recovery_console.core.clocks import Clocks
from recovery_console.core.errors import UsageError
from recovery_console.core.response import policy_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
POLICY = policy_of({"holidays_country": "NL"}, AMSTERDAM)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOON = "2026-11-18 12:00"  # a Wednesday


def at(text: str) -> datetime:
	"""Return a moment of Amsterdam's clocks in UTC."""
	return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(timezone.utc)


def started(severity: str = "S1", since: str = NOON) -> Clocks:
	return rules.start(POLICY, severity, at(since))


def due(clocks: Clocks) -> dict[str, datetime | None]:
	return {name: clock.due for name, clock in clocks.clocks.items()}


def breached(clocks: Clocks) -> dict[str, datetime]:
	return {name: clock.breached for name, clock in clocks.clocks.items() if clock.breached}


@pytest.mark.parametrize(
	("severity", "since", "acknowledge", "mitigate", "resolve"),
	[
		("S1", NOON, "2026-11-18 12:15", "2026-11-18 16:00", "2026-11-19 12:00"),
		("S2", NOON, "2026-11-18 13:00", "2026-11-18 20:00", "2026-11-20 12:00"),
		("S3", NOON, "2026-11-18 16:00", "2026-11-20 12:00", "2026-11-20 12:00"),
		("S4", NOON, "2026-11-19 12:00", "2026-11-25 12:00", "2026-11-25 12:00"),
		# S1 and S2 run through the night, the weekend and Christmas.
		("S1", "2026-12-25 23:50", "2026-12-26 00:05", "2026-12-26 03:50", "2026-12-26 23:50"),
		("S2", "2026-11-21 02:00", "2026-11-21 03:00", "2026-11-21 10:00", "2026-11-23 02:00"),
		# S3 and S4 wait for people to come in.
		("S3", "2026-11-20 16:00", "2026-11-23 12:00", "2026-11-24 16:00", "2026-11-24 16:00"),
		("S3", "2026-12-24 16:00", "2026-12-28 12:00", "2026-12-29 16:00", "2026-12-29 16:00"),
		("S4", "2026-11-21 11:00", "2026-11-23 17:00", "2026-11-27 17:00", "2026-11-27 17:00"),
		# The night in which clocks go forward: four hours really pass.
		("S1", "2026-03-29 01:50", "2026-03-29 03:05", "2026-03-29 06:50", "2026-03-30 02:50"),
		("S2", "2026-03-28 23:00", "2026-03-29 00:00", "2026-03-29 08:00", "2026-03-31 00:00"),
		("S3", "2026-03-27 16:00", "2026-03-30 12:00", "2026-03-31 16:00", "2026-03-31 16:00"),
		# The night in which they go back.
		("S1", "2026-10-25 01:50", "2026-10-25 02:05", "2026-10-25 04:50", "2026-10-26 00:50"),
		("S2", "2026-10-24 23:00", "2026-10-25 00:00", "2026-10-25 06:00", "2026-10-26 22:00"),
		("S3", "2026-10-23 16:00", "2026-10-26 12:00", "2026-10-27 16:00", "2026-10-27 16:00"),
	],
)
def test_every_severity_is_due_when_the_table_says(
	severity: str, since: str, acknowledge: str, mitigate: str, resolve: str
) -> None:
	assert due(started(severity, since)) == {
		"acknowledge": at(acknowledge),
		"mitigate": at(mitigate),
		"resolve": at(resolve),
	}


def test_in_the_hour_that_comes_twice_each_minute_has_its_own_due_time() -> None:
	first = at("2026-10-25 02:30")
	second = first + HOUR
	assert first.astimezone(AMSTERDAM).time() == second.astimezone(AMSTERDAM).time()
	for moment in (first, second):
		assert rules.start(POLICY, "S1", moment).clock("acknowledge").due == moment + 15 * MINUTE


@pytest.mark.parametrize(("severity", "review"), [("S1", DAY), ("S2", 2 * DAY), ("S3", None), ("S4", None)])
def test_a_review_is_due_after_the_cause_is_gone(severity: str, review: timedelta | None) -> None:
	over = at(NOON) + 10 * MINUTE
	clocks = rules.with_status(POLICY, started(severity), "Resolved", over)
	assert clocks.clock("review").due == (over + review if review else None)
	assert rules.next_moment(clocks) == clocks.clock("review").due
	signed = rules.reviewed(clocks, over + HOUR)
	assert rules.next_moment(signed) is None
	assert breached(signed) == {}


def test_a_breach_is_stamped_with_its_moment_and_not_with_that_of_who_looks() -> None:
	clocks = started("S1")
	assert rules.sweep(POLICY, clocks, at(NOON) + 15 * MINUTE - timedelta(seconds=1)).breaches == ()
	late = rules.sweep(POLICY, clocks, at(NOON) + 5 * HOUR)  # the scheduler did not run
	assert late.breaches == (
		("acknowledge", at(NOON) + 15 * MINUTE),
		("mitigate", at(NOON) + 4 * HOUR),
	)
	assert breached(late.clocks) == dict(late.breaches)
	again = rules.sweep(POLICY, late.clocks, at(NOON) + 5 * HOUR)
	assert again.breaches == ()
	assert again.clocks == late.clocks


@pytest.mark.parametrize(
	("since", "acknowledge", "mitigate"),
	[
		("2026-03-29 01:50", "2026-03-29 03:05", "2026-03-29 06:50"),
		("2026-10-25 00:50", "2026-10-25 01:05", "2026-10-25 03:50"),
	],
)
def test_a_breach_in_the_night_in_which_clocks_change_is_stamped_with_its_moment(
	since: str, acknowledge: str, mitigate: str
) -> None:
	swept = rules.sweep(POLICY, started("S1", since), at(since) + DAY)
	assert swept.breaches[:2] == (("acknowledge", at(acknowledge)), ("mitigate", at(mitigate)))


@pytest.mark.parametrize("status", ["Acknowledged", "Investigating", "Mitigated", "Resolved"])
def test_what_is_acknowledged_in_time_is_not_breached(status: str) -> None:
	clocks = rules.with_status(POLICY, started("S1"), status, at(NOON) + 15 * MINUTE - timedelta(seconds=1))
	assert dict(rules.sweep(POLICY, clocks, at(NOON) + HOUR).breaches) == {}
	assert clocks.clock("acknowledge").ended == at(NOON) + 15 * MINUTE - timedelta(seconds=1)


def test_what_is_acknowledged_too_late_was_breached_even_when_nobody_looked() -> None:
	clocks = rules.with_status(POLICY, started("S1"), "Acknowledged", at(NOON) + HOUR)
	assert breached(clocks) == {"acknowledge": at(NOON) + 15 * MINUTE}
	assert rules.next_moment(clocks) == at(NOON) + 15 * MINUTE  # the sweeper has something to tell
	swept = rules.sweep(POLICY, clocks, at(NOON) + HOUR)
	assert swept.breaches == (("acknowledge", at(NOON) + 15 * MINUTE),)
	assert rules.next_moment(swept.clocks) > at(NOON) + HOUR


def test_a_service_that_is_not_back_after_all_goes_on_being_timed() -> None:
	clocks = rules.with_status(POLICY, started("S1"), "Mitigated", at(NOON) + HOUR)
	clocks = rules.sweep(POLICY, clocks, at(NOON) + HOUR).clocks
	assert rules.next_moment(clocks) == at(NOON) + DAY
	clocks = rules.with_status(POLICY, clocks, "Investigating", at(NOON) + 2 * HOUR)
	assert clocks.clock("mitigate").runs_out == at(NOON) + 4 * HOUR
	assert clocks.clock("acknowledge").ended == at(NOON) + HOUR


@pytest.mark.parametrize("kind", ["Vendor", "Customer"])
def test_a_pause_stops_the_clock_of_resolving_and_no_other(kind: str) -> None:
	clocks = rules.pause(POLICY, started("S1"), kind, at(NOON) + HOUR)
	assert clocks.paused
	assert clocks.clock("resolve").runs_out is None
	assert clocks.clock("mitigate").due == at(NOON) + 4 * HOUR
	assert dict(rules.sweep(POLICY, clocks, at(NOON) + 9 * DAY).breaches).keys() == {
		"acknowledge",
		"mitigate",
	}
	clocks = rules.go_on(POLICY, clocks, at(NOON) + 3 * DAY)
	assert clocks.clock("resolve").due == at(NOON) + 3 * DAY + 23 * HOUR


def test_two_pauses_add_up() -> None:
	clocks = started("S1")
	for hour in (1, 5):
		clocks = rules.pause(POLICY, clocks, "Vendor", at(NOON) + hour * HOUR)
		clocks = rules.go_on(POLICY, clocks, at(NOON) + (hour + 2) * HOUR)
	assert clocks.clock("resolve").due == at(NOON) + 28 * HOUR


def test_a_pause_in_working_hours_takes_working_hours() -> None:
	clocks = rules.pause(POLICY, started("S3"), "Customer", at("2026-11-18 16:00"))
	clocks = rules.go_on(POLICY, clocks, at("2026-11-20 20:00"))  # 4 of 16 h are used
	assert clocks.clock("resolve").due == at("2026-11-24 13:00")


@pytest.mark.parametrize(
	("paused", "continued", "expected"),
	[
		("2026-03-28 13:00", "2026-03-29 13:00", "2026-03-30 12:00"),  # 23 h stood still
		("2026-10-24 13:00", "2026-10-25 13:00", "2026-10-26 12:00"),  # 25 h
	],
)
def test_a_pause_over_a_change_of_the_clocks_is_as_long_as_it_was(
	paused: str, continued: str, expected: str
) -> None:
	clocks = rules.pause(POLICY, rules.start(POLICY, "S1", at(paused) - HOUR), "Vendor", at(paused))
	clocks = rules.go_on(POLICY, clocks, at(continued))
	assert clocks.clock("resolve").due == at(expected)


def test_a_clock_that_ran_out_before_the_pause_stays_breached() -> None:
	clocks = rules.pause(POLICY, started("S1"), "Vendor", at(NOON) + 2 * DAY)
	assert breached(clocks)["resolve"] == at(NOON) + DAY
	clocks = rules.go_on(POLICY, clocks, at(NOON) + 9 * DAY)
	assert clocks.clock("resolve").due == at(NOON) + DAY
	assert dict(rules.sweep(POLICY, clocks, at(NOON) + 9 * DAY).breaches)["resolve"] == at(NOON) + DAY


def test_nobody_pauses_for_another_reason_or_twice_or_goes_on_with_what_runs() -> None:
	clocks = started()
	with pytest.raises(UsageError, match="vendor or a customer"):
		rules.pause(POLICY, clocks, "Lunch", at(NOON))
	with pytest.raises(UsageError, match="does not stand still"):
		rules.go_on(POLICY, clocks, at(NOON))
	paused = rules.pause(POLICY, clocks, "Vendor", at(NOON))
	with pytest.raises(UsageError, match="stands still already"):
		rules.pause(POLICY, paused, "Customer", at(NOON))
	resolved = rules.with_status(POLICY, clocks, "Resolved", at(NOON))
	with pytest.raises(UsageError, match="stands still already"):
		rules.pause(POLICY, resolved, "Vendor", at(NOON))


def test_a_pause_ends_when_the_incident_does() -> None:
	paused = rules.pause(POLICY, started("S1"), "Vendor", at(NOON) + HOUR)
	resolved = rules.with_status(POLICY, paused, "Resolved", at(NOON) + 9 * DAY)
	assert not resolved.paused
	assert "resolve" not in breached(resolved)
	assert resolved.clock("resolve").due == at(NOON) + 9 * DAY + 23 * HOUR


def test_another_severity_is_timed_from_the_detection() -> None:
	clocks = rules.with_severity(POLICY, started("S3"), "S1", at(NOON) + 5 * MINUTE)
	assert due(clocks) == due(started("S1"))
	clocks = rules.with_severity(POLICY, clocks, "S4", at(NOON) + 6 * MINUTE)
	assert due(clocks) == due(started("S4"))


def test_a_lower_severity_takes_no_breach_back() -> None:
	"""Neither one that was found nor one that nobody has looked for yet."""
	clocks = rules.with_severity(POLICY, started("S1"), "S3", at(NOON) + HOUR)
	assert breached(clocks) == {"acknowledge": at(NOON) + 15 * MINUTE}
	assert rules.sweep(POLICY, clocks, at(NOON) + HOUR).breaches == (("acknowledge", at(NOON) + 15 * MINUTE),)
	clocks = rules.sweep(POLICY, clocks, at(NOON) + HOUR).clocks
	assert clocks.clock("acknowledge").runs_out is None
	assert clocks.clock("mitigate").due == at("2026-11-20 12:00")


def test_a_higher_severity_may_be_late_already() -> None:
	clocks = rules.with_severity(POLICY, started("S3"), "S1", at(NOON) + 5 * HOUR)
	breaches = dict(rules.sweep(POLICY, clocks, at(NOON) + 5 * HOUR).breaches)
	assert breaches["mitigate"] == at(NOON) + 4 * HOUR


def test_a_severity_keeps_what_was_stopped_and_what_was_paused() -> None:
	clocks = rules.with_status(POLICY, started("S2"), "Acknowledged", at(NOON) + MINUTE)
	clocks = rules.pause(POLICY, clocks, "Vendor", at(NOON) + HOUR)
	clocks = rules.with_severity(POLICY, clocks, "S1", at(NOON) + 2 * HOUR)
	assert clocks.clock("acknowledge").due == at(NOON) + HOUR  # as it was promised when it was kept
	assert clocks.clock("resolve").due is None
	clocks = rules.go_on(POLICY, clocks, at(NOON) + 3 * HOUR)
	assert clocks.clock("resolve").due == at(NOON) + DAY + 2 * HOUR


def test_what_comes_back_is_timed_anew() -> None:
	clocks = rules.with_status(POLICY, started("S1"), "Resolved", at(NOON) + MINUTE)
	again = rules.with_status(POLICY, clocks, "Reopened", at(NOON) + 2 * DAY)
	assert due(again) == {name: moment + 2 * DAY for name, moment in due(started("S1")).items() if moment}
	assert all(clock.ended is None for clock in again.clocks.values())


def test_what_comes_back_before_anybody_looked_loses_no_breach() -> None:
	clocks = rules.with_status(POLICY, started("S1"), "Resolved", at(NOON) + HOUR)
	again = rules.with_status(POLICY, clocks, "Reopened", at(NOON) + 2 * HOUR)
	assert rules.sweep(POLICY, again, at(NOON) + 2 * HOUR).breaches == (
		("acknowledge", at(NOON) + 15 * MINUTE),
	)


def test_closing_stops_everything() -> None:
	clocks = rules.with_status(POLICY, started("S1"), "Resolved", at(NOON) + MINUTE)
	clocks = rules.with_status(POLICY, clocks, "Closed", at(NOON) + HOUR)
	assert rules.next_moment(clocks) is None
	assert rules.sweep(POLICY, clocks, at(NOON) + 99 * DAY).breaches == ()


def test_a_review_that_is_not_signed_in_time_is_late() -> None:
	clocks = rules.with_status(POLICY, started("S1"), "Resolved", at(NOON) + MINUTE)
	swept = rules.sweep(POLICY, clocks, at(NOON) + 2 * DAY)
	assert swept.breaches == (("review", at(NOON) + MINUTE + DAY),)
	signed = rules.reviewed(clocks, at(NOON) + 2 * DAY)
	assert breached(signed) == {"review": at(NOON) + MINUTE + DAY}


def test_a_snooze_ends_by_itself_and_the_clocks_run_through_it() -> None:
	clocks = rules.snooze(POLICY, started("S1"), at(NOON) + HOUR, at(NOON))
	swept = rules.sweep(POLICY, clocks, at(NOON) + 20 * MINUTE)
	assert swept.breaches == (("acknowledge", at(NOON) + 15 * MINUTE),)
	assert not swept.woken
	assert swept.call is None
	awake = rules.sweep(POLICY, swept.clocks, at(NOON) + HOUR)
	assert awake.woken
	assert awake.clocks.snoozed is None
	assert awake.call is not None
	assert awake.call.tiers == (1,)


def test_a_snooze_is_ended_by_hand() -> None:
	clocks = rules.snooze(POLICY, started("S1"), at(NOON) + HOUR, at(NOON))
	awake = rules.snooze(POLICY, clocks, None, at(NOON) + 5 * MINUTE)
	assert awake.snoozed is None
	assert rules.sweep(POLICY, awake, at(NOON) + 5 * MINUTE).call is not None


def test_clocks_are_read_as_they_were_written_after_everything_that_can_happen() -> None:
	clocks = rules.pause(POLICY, started("S1"), "Vendor", at(NOON) + HOUR)
	clocks = rules.go_on(POLICY, clocks, at(NOON) + 2 * HOUR + timedelta(microseconds=1))
	clocks = rules.snooze(POLICY, clocks, at(NOON) + DAY, at(NOON) + 3 * HOUR)
	clocks = rules.with_status(POLICY, clocks, "Acknowledged", at(NOON) + 4 * HOUR)
	assert clocks.untold
	assert rules.from_json(rules.as_json(clocks)) == clocks
	resolved = rules.with_status(POLICY, clocks, "Resolved", at(NOON) + 5 * HOUR)
	assert rules.from_json(rules.as_json(resolved)) == resolved


def test_moments_that_the_sweeper_looks_for_compare_as_texts() -> None:
	moment = at("2026-10-25 02:30")
	texts = [rules.due_text(moment + minutes * MINUTE) for minutes in (-90, -1, 0, 59, 60, 61, 120)]
	assert texts == sorted(texts)
	assert texts[2] == "2026-10-25T00:30:00+00:00"
	assert rules.due_text(moment + timedelta(microseconds=1)) == "2026-10-25T00:30:01+00:00"
	assert rules.due_text(None) == ""


def test_a_breach_is_told_in_words_of_its_own() -> None:
	texts = {rules.breach_text(clock, "S1") for clock in ("acknowledge", "mitigate", "resolve", "review")}
	assert len(texts) == 4
	assert all("S1" in text for text in texts)


def test_what_silences_an_incident_puts_off_calls_only() -> None:
	clocks = rules.put_off(started("S1"), at(NOON) + HOUR)
	assert clocks.calling.next == at(NOON) + HOUR
	assert clocks.clock("acknowledge").due == at(NOON) + 15 * MINUTE
	assert rules.put_off(clocks, at(NOON)) == clocks
	assert rules.put_off(replace(clocks, calling=started("S4").calling), at(NOON)).calling.next is None
