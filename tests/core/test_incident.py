"""The life of an incident."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from recovery_console.core.incident import (
	MOST_EVENTS,
	REOPEN_WITHIN,
	Change,
	IncidentStatus,
	Known,
	Look,
	follow,
	may_become,
	newcomers,
	next_statuses,
	open_key,
)
from recovery_console.core.timeline import EventKind

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=timezone.utc)
MAIL = "email.stuck_sending"
REDIS = "jobs.redis"


def finding(
	fingerprint: str, severity: str = "critical", count: int = 12, caused_by: Sequence[str] = ()
) -> Any:
	return {
		"fingerprint": fingerprint,
		"severity": severity,
		"title": f"{fingerprint} is wrong",
		"count": count,
		"caused_by": list(caused_by),
	}


def report(*findings: Any, **statuses: str) -> Any:
	"""Build a report of the two checks; a check without a finding is ok unless ``statuses`` say otherwise."""
	checks = []
	for check in (REDIS, MAIL):
		own = [item for item in findings if item["fingerprint"].partition(":")[0] == check]
		family, _dot, name = check.partition(".")
		status = statuses.get(name) or (own[0]["severity"] if own else "ok")
		checks.append({"id": check, "family": family, "status": status, "findings": own})
	return {"checks": checks}


KNOWN = Known("INC-1", MAIL, MAIL, IncidentStatus.DETECTED, "S2", "critical", 12)


def changes(known: Sequence[Known], seen: Any, **more: Any) -> list[Change]:
	"""Follow a report in which every new problem is confirmed."""
	look = Look.of(seen)
	return follow(known, look, NOW, **{"may_open": look.roots, **more})


def change(known: Sequence[Known], seen: Any, **more: Any) -> Change:
	[only] = changes(known, seen, **more)
	return only


def kinds(of: Change) -> list[EventKind]:
	return [event.kind for event in of.events]


def test_a_new_problem_opens_an_incident() -> None:
	opened = change([], report(finding(MAIL)))
	assert (opened.incident, opened.status, opened.severity) == (None, IncidentStatus.DETECTED, "S2")
	assert kinds(opened) == [EventKind.SEEN]


@pytest.mark.parametrize(
	("gravity", "family", "severity"),
	[
		("critical", "database", "S1"),
		("critical", "config", "S1"),
		("critical", "email", "S2"),
		("warning", "email", "S3"),
	],
)
def test_the_severity_follows_the_finding_and_the_family(gravity: str, family: str, severity: str) -> None:
	check = {
		"id": f"{family}.x",
		"family": family,
		"status": gravity,
		"findings": [finding(f"{family}.x", gravity)],
	}
	assert change([], {"checks": [check]}).severity == severity


def test_information_opens_nothing() -> None:
	assert changes([], report(finding(MAIL, "info"))) == []


def test_a_problem_that_another_explains_is_listed_with_it_and_opens_nothing() -> None:
	opened = change([], report(finding(REDIS), finding(MAIL, caused_by=[REDIS])))
	assert opened.fingerprint == REDIS
	assert opened.sighting is not None
	assert [item["fingerprint"] for item in opened.sighting.explained] == [MAIL]


def test_a_chain_of_causes_ends_at_its_root() -> None:
	deep = finding(f"{MAIL}:deep", caused_by=[MAIL])
	opened = change([], report(finding(REDIS), finding(MAIL, caused_by=[REDIS]), deep))
	assert opened.sighting is not None
	assert {item["fingerprint"] for item in opened.sighting.explained} == {MAIL, f"{MAIL}:deep"}


def test_a_circle_of_causes_still_opens_one_incident() -> None:
	seen = report(finding(REDIS, caused_by=[MAIL]), finding(MAIL, caused_by=[REDIS]))
	assert change([], seen).fingerprint == MAIL


def test_a_cause_that_is_not_in_the_report_explains_nothing() -> None:
	assert change([], report(finding(MAIL, caused_by=[REDIS]))).fingerprint == MAIL


def test_an_open_incident_lives_on_when_its_problem_is_later_explained_by_another() -> None:
	found = changes([KNOWN], report(finding(REDIS), finding(MAIL, caused_by=[REDIS])))
	assert {(item.fingerprint, item.incident) for item in found} == {(MAIL, "INC-1"), (REDIS, None)}


def test_the_same_again_adds_no_line_to_the_timeline() -> None:
	again = change([KNOWN], report(finding(MAIL, count=13)))
	assert (again.incident, again.status, again.events) == ("INC-1", IncidentStatus.DETECTED, ())


@pytest.mark.parametrize(("count", "said"), [(23, False), (24, True), (7, False), (6, True)])
def test_a_count_that_doubles_or_halves_is_told(count: int, said: bool) -> None:
	assert bool(change([KNOWN], report(finding(MAIL, count=count))).events) is said


def test_a_warning_that_becomes_critical_raises_the_severity_and_says_so() -> None:
	worse = change([replace(KNOWN, gravity="warning", severity="S3")], report(finding(MAIL)))
	assert (worse.severity, kinds(worse)) == ("S2", [EventKind.CHANGED, EventKind.SEVERITY])
	assert (worse.tells, worse.proposed) == ("Worse", "S2")
	assert worse.detail == "The console raised it from S3 to S2: It is critical."


def test_the_severity_that_a_person_chose_is_never_lowered() -> None:
	assert change([replace(KNOWN, severity="S1")], report(finding(MAIL, "warning"))).severity == "S1"


def test_it_is_resolved_when_its_check_was_well_twice_in_a_row() -> None:
	once = change([KNOWN], report())
	assert (once.status, once.healthy_checks, kinds(once)) == (
		IncidentStatus.DETECTED,
		1,
		[EventKind.RECOVERED],
	)
	twice = change([replace(KNOWN, healthy_checks=1)], report())
	assert (twice.status, kinds(twice)) == (IncidentStatus.RESOLVED, [EventKind.RESOLVED])


def test_seen_in_between_it_starts_to_count_anew() -> None:
	again = change([replace(KNOWN, healthy_checks=1)], report(finding(MAIL)))
	assert (again.healthy_checks, kinds(again)) == (0, [EventKind.SEEN])


@pytest.mark.parametrize("status", ["unknown", "skipped"])
def test_a_check_that_did_not_look_is_no_recovery(status: str) -> None:
	assert changes([replace(KNOWN, healthy_checks=1)], report(stuck_sending=status)) == []


def test_a_check_that_did_not_run_is_no_recovery() -> None:
	assert changes([replace(KNOWN, healthy_checks=1)], {"checks": []}) == []


RESOLVED = replace(KNOWN, status=IncidentStatus.RESOLVED, resolved=NOW - timedelta(hours=3))


def test_a_problem_that_comes_back_soon_reopens_its_incident() -> None:
	back = change([RESOLVED], report(finding(MAIL)))
	assert (back.incident, back.status, kinds(back)) == (
		"INC-1",
		IncidentStatus.REOPENED,
		[EventKind.REOPENED],
	)
	assert back.events[0].detail.startswith("Seen again 3 h after")


@pytest.mark.parametrize(
	"old",
	[
		replace(RESOLVED, resolved=NOW - REOPEN_WITHIN - timedelta(seconds=1)),
		replace(RESOLVED, status=IncidentStatus.CLOSED),
		replace(RESOLVED, events=MOST_EVENTS),
	],
)
def test_a_problem_of_long_ago_is_a_new_incident(old: Known) -> None:
	assert change([old], report(finding(MAIL))).incident is None


def test_the_open_incident_is_preferred_to_an_older_resolved_one() -> None:
	for known in ([RESOLVED, replace(KNOWN, name="INC-2")], [replace(KNOWN, name="INC-2"), RESOLVED]):
		assert change(known, report(finding(MAIL))).incident == "INC-2"


def test_the_last_resolved_incident_is_the_one_to_reopen() -> None:
	older = replace(RESOLVED, name="INC-0", resolved=NOW - timedelta(days=3))
	for known in ([RESOLVED, older], [older, RESOLVED]):
		assert change(known, report(finding(MAIL))).incident == "INC-1"


def test_a_resolved_incident_is_left_alone_while_its_check_is_well_or_its_problem_is_explained() -> None:
	assert changes([RESOLVED], report()) == []
	explained = report(finding(REDIS), finding(MAIL, caused_by=[REDIS]))
	assert change([RESOLVED], explained).fingerprint == REDIS


def test_a_full_timeline_takes_only_what_changes_the_status() -> None:
	full = replace(KNOWN, events=MOST_EVENTS)
	assert change([full], report(finding(MAIL, count=100))).events == ()
	assert kinds(change([replace(full, healthy_checks=1)], report())) == [EventKind.RESOLVED]


def test_the_life_cycle() -> None:
	assert may_become("Detected", "Acknowledged")
	assert may_become("Resolved", "Reopened")
	assert may_become("Closed", "Closed")
	assert not may_become("Closed", "Reopened")
	assert not may_become("Detected", "Closed")
	with pytest.raises(ValueError, match="Sleeping"):
		may_become("Detected", "Sleeping")


def test_only_an_open_incident_has_the_key_of_its_problem() -> None:
	assert open_key(MAIL, "Detected") == open_key(MAIL, "Reopened") != open_key(MAIL.upper(), "Detected")
	assert open_key(MAIL, "Resolved") is None
	assert len(open_key("x" * 5000, "Detected") or "") == 64


def test_what_may_follow_is_listed_nearest_first() -> None:
	assert next_statuses("Resolved") == ("Closed", "Reopened")
	assert next_statuses("Closed") == ()


def test_a_problem_that_is_not_confirmed_opens_nothing_and_one_that_is_open_needs_no_confirming() -> None:
	assert changes([], report(finding(MAIL)), may_open=[]) == []
	assert change([KNOWN], report(finding(MAIL)), may_open=[]).incident == "INC-1"


def test_a_problem_that_a_silence_covers_opens_and_reopens_nothing_and_one_that_is_open_lives_on() -> None:
	assert changes([], report(finding(MAIL)), silenced=[MAIL]) == []
	assert changes([RESOLVED], report(finding(MAIL)), silenced=[MAIL]) == []
	assert change([KNOWN], report(finding(MAIL)), silenced=[MAIL]).incident == "INC-1"


def test_newcomers_are_what_nothing_explains_and_no_incident_knows() -> None:
	seen = Look.of(report(finding(REDIS), finding(MAIL, caused_by=[REDIS])))
	assert newcomers([], seen, NOW) == {REDIS}
	assert newcomers([replace(KNOWN, fingerprint=REDIS)], seen, NOW) == set()
	old = replace(RESOLVED, fingerprint=REDIS)
	assert newcomers([old], seen, NOW) == set()
	assert newcomers([old], seen, NOW, timedelta(hours=2)) == {REDIS}


@pytest.mark.parametrize(
	("ago", "reopens"),
	[(timedelta(days=2), True), (timedelta(days=2, seconds=1), False)],
)
def test_how_long_it_is_the_same_incident_is_the_sites_choice(ago: timedelta, reopens: bool) -> None:
	back = change([replace(RESOLVED, resolved=NOW - ago)], report(finding(MAIL)), reopen=timedelta(days=2))
	assert (back.incident is not None) is reopens


class TestSeverity:
	"""What the console proposes against what a person chose."""

	def test_what_a_person_lowered_is_not_raised_again_by_the_same_proposal(self) -> None:
		lowered = replace(KNOWN, severity="S3", proposed="S2")
		again = change([lowered], report(finding(MAIL)))
		assert (again.severity, again.events, again.tells) == ("S3", (), "")

	def test_nor_by_a_proposal_that_fell_in_between(self) -> None:
		lowered = replace(KNOWN, severity="S4", proposed="S2", gravity="warning")
		fell = change([lowered], report(finding(MAIL, "warning")))
		assert (fell.severity, fell.proposed) == ("S4", "S2")

	def test_one_that_is_worse_than_ever_raises_it(self) -> None:
		lowered = replace(KNOWN, severity="S4", proposed="S3", gravity="warning")
		assert change([lowered], report(finding(MAIL))).severity == "S2"

	def test_a_person_who_chose_a_graver_one_is_right(self) -> None:
		raised = replace(KNOWN, severity="S1", proposed="S3", gravity="warning")
		assert change([raised], report(finding(MAIL))).severity == "S1"

	def test_what_comes_back_has_the_severity_that_a_person_chose(self) -> None:
		lowered = replace(RESOLVED, severity="S3", proposed="S2")
		assert change([lowered], report(finding(MAIL))).severity == "S3"

	def test_unless_nobody_chose_or_it_is_worse_now(self) -> None:
		assert (
			change([replace(RESOLVED, severity="S1", proposed="S1")], report(finding(MAIL))).severity == "S2"
		)
		milder = replace(RESOLVED, severity="S4", proposed="S3")
		assert change([milder], report(finding(MAIL))).severity == "S2"

	def test_slowness_that_lasts_is_raised(self) -> None:
		slow = Known(
			"INC-1",
			"database.latency",
			"database.latency",
			IncidentStatus.DETECTED,
			"S3",
			"warning",
			1,
			proposed="S3",
		)
		check = {
			"id": "database.latency",
			"family": "database",
			"status": "warning",
			"findings": [finding("database.latency", "warning", count=1)],
		}
		for minutes, severity in ((30, "S3"), (31, "S2")):
			since = replace(slow, first_seen=NOW - timedelta(minutes=minutes))
			assert change([since], {"checks": [check]}).severity == severity


class TestMitigated:
	"""Service is back; the cause may not be."""

	def test_seen_again_after_a_repair_it_is_under_investigation(self) -> None:
		mitigated = replace(KNOWN, status=IncidentStatus.MITIGATED, repaired=True)
		again = change([mitigated], report(finding(MAIL)))
		assert (again.status, again.tells) == (IncidentStatus.INVESTIGATING, "Worse")
		assert kinds(again) == [EventKind.STATUS]

	def test_so_it_is_after_a_good_look(self) -> None:
		mitigated = replace(KNOWN, status=IncidentStatus.MITIGATED, healthy_checks=1)
		assert change([mitigated], report(finding(MAIL))).status is IncidentStatus.INVESTIGATING

	def test_a_person_may_mitigate_what_the_check_still_finds(self) -> None:
		around = replace(KNOWN, status=IncidentStatus.MITIGATED)
		assert change([around], report(finding(MAIL))).status is IncidentStatus.MITIGATED

	def test_two_good_looks_resolve_it(self) -> None:
		repaired = replace(KNOWN, status=IncidentStatus.MITIGATED, repaired=True)
		once = change([repaired], report())
		assert (once.status, once.healthy_checks) == (IncidentStatus.MITIGATED, 1)
		assert change([replace(repaired, healthy_checks=1)], report()).status is IncidentStatus.RESOLVED


class TestMerged:
	"""What a duplicate was about lives on in the incident into which it was merged."""

	MERGED = replace(KNOWN, also=(REDIS,))

	def test_a_duplicate_that_is_seen_opens_nothing(self) -> None:
		both = change([self.MERGED], report(finding(MAIL), finding(REDIS)))
		assert both.sighting is not None
		assert (both.incident, both.sighting.fingerprint) == ("INC-1", MAIL)

	def test_while_a_duplicate_is_seen_it_is_not_over(self) -> None:
		left = change([replace(self.MERGED, healthy_checks=1)], report(finding(REDIS)))
		assert (left.status, left.healthy_checks, left.sighting) == (IncidentStatus.DETECTED, 0, None)

	def test_it_is_over_when_both_checks_looked(self) -> None:
		waiting = replace(self.MERGED, healthy_checks=1)
		assert changes([waiting], report(redis="unknown")) == []
		assert change([waiting], report()).status is IncidentStatus.RESOLVED

	def test_a_duplicate_that_comes_back_reopens_it(self) -> None:
		back = change([replace(RESOLVED, also=(REDIS,))], report(finding(REDIS)))
		assert (back.incident, back.fingerprint, back.status) == ("INC-1", MAIL, IncidentStatus.REOPENED)

	def test_unless_its_own_problem_has_another_incident_by_now(self) -> None:
		known = [replace(RESOLVED, also=(REDIS,)), replace(KNOWN, name="INC-2")]
		found = {
			item.fingerprint: item.incident for item in changes(known, report(finding(MAIL), finding(REDIS)))
		}
		assert found == {MAIL: "INC-2", REDIS: None}


def test_no_check_ends_what_a_person_opened() -> None:
	by_hand = replace(KNOWN, fingerprint="by-hand:mail is slow", by_hand=True, healthy_checks=1)
	assert changes([by_hand], report()) == []
	over = replace(by_hand, status=IncidentStatus.RESOLVED, resolved=NOW)
	assert change([over], report(finding(MAIL))).incident is None
