"""What the page shows of a report."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from recovery_console.core.finding import Severity, Status
from recovery_console.core.overview import (
	FAMILY_NAMES,
	MOST_PAST,
	families,
	family_name,
	groups,
	problems,
	quiet_checks,
)
from recovery_console.core.registry import FAMILIES
from recovery_console.core.snapshot import Past
from recovery_console.core.times import UTC
from tests.core.test_headline import NOW, TWO_TEN


def finding(fingerprint: str, severity: str = "warning", *caused_by: str, count: int = 1) -> dict[str, Any]:
	return {
		"fingerprint": fingerprint,
		"severity": severity,
		"title": fingerprint,
		"count": count,
		"caused_by": list(caused_by),
	}


def check(check_id: str, status: str, *findings: dict[str, Any]) -> dict[str, Any]:
	return {
		"id": check_id,
		"family": check_id.split(".", maxsplit=1)[0],
		"title": check_id,
		"status": status,
		"reason": None,
		"remedy": "",
		"findings": list(findings),
	}


REPORT: dict[str, Any] = {
	"families": {"jobs": "warning", "email": "critical", "backups": "unknown"},
	"checks": [
		check("jobs.workers", "warning", finding("jobs.workers", "warning")),
		check("jobs.redis", "ok"),
		check("email.starving", "critical", finding("email.starving", "critical", "jobs.workers")),
		check("email.templates", "info", finding("email.templates", "info")),
		check("email.given_up", "critical", finding("email.given_up", "critical", count=9)),
		check("backups.age", "unknown"),
		check("backups.offsite", "skipped"),
	],
}


def test_every_family_has_a_name() -> None:
	assert set(FAMILY_NAMES) == set(FAMILIES)
	assert family_name("my_family") == "My family"


def test_a_tile_counts_what_needs_somebody() -> None:
	jobs, email, backups = families(REPORT, [])
	assert (jobs["problems"], jobs["looked"], jobs["unknown"]) == (1, 2, 0)
	assert (email["problems"], email["status"]) == (2, "critical")
	assert (backups["unknown"], backups["looked"]) == (1, 0)


def test_the_trend_has_the_latest_and_gaps() -> None:
	past = [Past(NOW - timedelta(hours=hours), Status.OK, {"jobs": Status.OK}) for hours in range(40, 0, -1)]
	past.append(Past(NOW, Status.CRITICAL, {"jobs": Status.WARNING, "email": Status.CRITICAL}))
	jobs, email, _backups = families(REPORT, past)
	assert len(jobs["trend"]) == MOST_PAST
	assert jobs["trend"][-2:] == ["ok", "warning"]
	assert email["trend"][-2:] == [None, "critical"]


def test_what_something_explains_stands_beneath_it_and_makes_it_grave() -> None:
	found = groups(REPORT)
	assert [group["root"]["fingerprint"] for group in found] == [
		"jobs.workers",  # only a warning itself, but it explains what is critical
		"email.given_up",
		"email.templates",
	]
	assert [item["fingerprint"] for item in found[0]["explains"]] == ["email.starving"]
	assert found[0]["explains"][0]["family"] == "email"


def test_a_problem_knows_what_it_explains_and_when_it_began() -> None:
	first, *_others, last = problems(groups(REPORT), {"jobs.workers": TWO_TEN})
	assert (first.severity, first.explains, first.began) == (Severity.CRITICAL, ["email.starving"], TWO_TEN)
	assert first.began is not None
	assert first.began.tzinfo is UTC
	assert last.severity is Severity.INFO


def test_checks_without_a_finding_are_told_by_status() -> None:
	quiet = quiet_checks(REPORT)
	assert {status: [item["id"] for item in found] for status, found in quiet.items()} == {
		"unknown": ["backups.age"],
		"ok": ["jobs.redis"],
		"skipped": ["backups.offsite"],
	}
