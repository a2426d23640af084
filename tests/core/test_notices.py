"""Who is told what, and what becomes of a notice that could not be sent."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from recovery_console.core.notices import (
	DESK,
	LAST_RESORT,
	MAIL,
	MAIL_DOES_NOT_LEAVE,
	MOST_ATTEMPTS,
	SLACK,
	TELEGRAM,
	WEBHOOK,
	Contact,
	Destination,
	Failure,
	Kind,
	State,
	Way,
	after_failure,
	chosen_destinations,
	destinations_of,
	instead_of_mail,
	key_of,
	room_at,
)
from recovery_console.core.registry import all_checks
from recovery_console.core.times import UTC

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MAILS = Way("Ops", MAIL, "anna@example.org, ben@example.org", "S3")
HOOK = Way("Pager", WEBHOOK, least_severity="S1")
CHAT = Way("Chat", TELEGRAM, "-100", "S4", is_fallback=True)
WAYS = [MAILS, HOOK, CHAT]


def names(places: list[Destination]) -> list[str]:
	return [place.address or place.channel for place in places]


@pytest.mark.parametrize(
	("severity", "expected"),
	[
		("S1", ["anna@example.org", "ben@example.org", "Pager"]),
		("S2", ["anna@example.org", "ben@example.org"]),
		("S3", ["anna@example.org", "ben@example.org"]),
		("S4", []),
	],
)
def test_a_channel_is_told_of_what_is_severe_enough_and_a_fallback_of_nothing(
	severity: str, expected: list[str]
) -> None:
	assert names(chosen_destinations(Kind.OPENED, severity, WAYS)) == expected


def test_contacts_are_told_instead_of_the_channels_over_every_way_that_they_have() -> None:
	contact = Contact("Anna", "anna@example.org", "anna@example.org", "Pager")
	places = chosen_destinations(Kind.ESCALATED, "S1", WAYS, [contact, contact])
	assert [(place.kind, place.channel, place.address) for place in places] == [
		(WEBHOOK, "Pager", ""),
		(MAIL, "", "anna@example.org"),
		(DESK, "", "anna@example.org"),
	]
	assert {place.person for place in places} == {"Anna"}


def test_contacts_that_cannot_be_reached_leave_it_to_the_channels() -> None:
	nobody = Contact("Vendor", channel="switched off")
	assert names(chosen_destinations(Kind.ESCALATED, "S2", WAYS, [nobody])) == [
		"anna@example.org",
		"ben@example.org",
	]


@pytest.mark.parametrize("kind", [Kind.ACKNOWLEDGED, Kind.MITIGATED, Kind.RESOLVED])
def test_good_news_is_for_those_who_had_the_bad_ones(kind: Kind) -> None:
	told = [
		Destination(TELEGRAM, "Chat", "-100"),
		Destination(MAIL, "", "eve@example.org"),
		Destination(SLACK, "gone"),
	]
	assert chosen_destinations(kind, "S4", WAYS, told=told) == told[:2]
	assert chosen_destinations(kind, "S1", WAYS) == []


def test_each_mail_address_is_told_by_itself() -> None:
	assert names(destinations_of(Way("x", MAIL, "a@b.c,\nd@e.f, "))) == ["a@b.c", "d@e.f"]
	assert names(destinations_of(Way("x", DESK, "Role A, Role B"))) == ["Role A, Role B"]


def test_when_mail_is_broken_the_fallback_is_told_and_without_one_desk() -> None:
	assert names(instead_of_mail(WAYS)) == ["-100"]
	assert instead_of_mail([MAILS, HOOK]) == [Destination(DESK, "", LAST_RESORT)]
	severe = [Way("Pager", WEBHOOK, least_severity="S1", is_fallback=True)]
	assert names(instead_of_mail(severe, "S1")) == ["Pager"]
	assert instead_of_mail(severe, "S2") == [Destination(DESK, "", LAST_RESORT)]
	assert instead_of_mail([Way("x", MAIL, "a@b.c", is_fallback=True)]) == [
		Destination(DESK, "", LAST_RESORT)
	]


def test_the_checks_that_mean_that_mail_does_not_leave_exist() -> None:
	assert sorted(MAIL_DOES_NOT_LEAVE - set(all_checks())) == []


def test_the_same_occasion_has_one_key_and_another_one_another() -> None:
	place = Destination(MAIL, "Ops", "a@b.c", "Anna")
	key = key_of("Opened", "I1", "3|", place)
	assert key == key_of("Opened", "I1", "3|", Destination(MAIL, "Ops", "a@b.c", "Ben"))
	others = [
		key_of("Worse", "I1", "3|", place),
		key_of("Opened", "I2", "3|", place),
		key_of("Opened", "I1", "4|", place),
		key_of("Opened", "I1", "3|", Destination(MAIL, "", "a@b.c")),
		key_of("Opened", "I1", "3|", Destination(DESK, "Ops", "a@b.c")),
	]
	assert len({key, *others}) == 6


def test_waits_double_up_to_an_hour_and_then_it_is_given_up() -> None:
	waits = []
	for attempt in range(1, MOST_ATTEMPTS):
		state, at = after_failure(attempt, Failure("no"), NOW, 0)
		assert state is State.FAILED
		assert at is not None
		waits.append((at - NOW) / MINUTE)
	assert waits == [0.5, 1, 2, 4, 8, 16, 32, 60]
	assert after_failure(MOST_ATTEMPTS, Failure("no"), NOW, 0) == (State.GIVEN_UP, None)


def test_chance_spreads_what_failed_together() -> None:
	_state, early = after_failure(5, Failure("no"), NOW, 1)
	_state, late = after_failure(5, Failure("no"), NOW, 0)
	assert early == NOW + 0.8 * 8 * MINUTE
	assert late == NOW + 8 * MINUTE


def test_a_receiver_may_ask_for_more_time_but_not_for_less_nor_for_ever() -> None:
	def at(wait: timedelta) -> datetime | None:
		return after_failure(3, Failure("busy", wait=wait), NOW, 0)[1]

	assert at(10 * MINUTE) == NOW + 10 * MINUTE
	assert at(timedelta(0)) == NOW + 2 * MINUTE
	assert at(timedelta(days=300)) == NOW + timedelta(hours=6)


def test_what_makes_no_sense_to_repeat_is_given_up_at_once() -> None:
	assert after_failure(1, Failure("gone", again=False), NOW, 0) == (State.GIVEN_UP, None)


def test_a_channel_takes_so_many_in_an_hour_and_twice_as_many_of_the_worst() -> None:
	sent = [NOW - (50 - number) * MINUTE for number in range(5)]
	assert room_at("S3", 6, sent, NOW) is None
	assert room_at("S3", 5, sent, NOW) == sent[0] + 60 * MINUTE
	assert room_at("S3", 2, sent, NOW) == sent[3] + 60 * MINUTE
	assert room_at("S1", 5, sent, NOW) is None
	assert room_at("S1", 2, sent, NOW) == sent[1] + 60 * MINUTE
	assert room_at("S3", 0, sent * 100, NOW) is None
	assert room_at("S3", 5, [at - 60 * MINUTE for at in sent], NOW) is None
