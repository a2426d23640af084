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
	follow,
	may_become,
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


def change(known: Sequence[Known], seen: Any) -> Change:
	[only] = follow(known, seen, NOW)
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
	assert follow([], report(finding(MAIL, "info")), NOW) == []


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
	changes = follow([KNOWN], report(finding(REDIS), finding(MAIL, caused_by=[REDIS])), NOW)
	assert {(item.fingerprint, item.incident) for item in changes} == {(MAIL, "INC-1"), (REDIS, None)}


def test_the_same_again_adds_no_line_to_the_timeline() -> None:
	again = change([KNOWN], report(finding(MAIL, count=13)))
	assert (again.incident, again.status, again.events) == ("INC-1", IncidentStatus.DETECTED, ())


@pytest.mark.parametrize(("count", "said"), [(23, False), (24, True), (7, False), (6, True)])
def test_a_count_that_doubles_or_halves_is_told(count: int, said: bool) -> None:
	assert bool(change([KNOWN], report(finding(MAIL, count=count))).events) is said


def test_a_warning_that_becomes_critical_raises_the_severity_and_says_so() -> None:
	worse = change([replace(KNOWN, gravity="warning", severity="S3")], report(finding(MAIL)))
	assert (worse.severity, kinds(worse)) == ("S2", [EventKind.CHANGED])


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
	assert follow([replace(KNOWN, healthy_checks=1)], report(stuck_sending=status), NOW) == []


def test_a_check_that_did_not_run_is_no_recovery() -> None:
	assert follow([replace(KNOWN, healthy_checks=1)], {"checks": []}, NOW) == []


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
	assert follow([RESOLVED], report(), NOW) == []
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
