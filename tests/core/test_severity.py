"""How severe an incident is, and what kind it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from recovery_console.core import severity as rules
from recovery_console.core.errors import UsageError
from recovery_console.core.registry import all_checks
from recovery_console.core.severity import (
	ALIASES,
	SEVERITIES,
	Facts,
	category,
	in_full,
	parse_severity,
	propose,
)
from recovery_console.core.sighting import Sighting


def severity(check: str, gravity: str = "warning", count: int = 1, **more: Any) -> str:
	return propose(Facts(check, check.partition(".")[0], gravity, count, **more)).severity


@pytest.mark.parametrize(
	("check", "gravity", "expected"),
	[
		("database.reachable", "critical", "S1"),
		("config.readable", "critical", "S1"),
		("jobs.workers", "critical", "S2"),
		("email.retrying", "warning", "S3"),
		("database.damaged_tables", "critical", "S1"),
		("data.records_lost", "warning", "S1"),
		("security.guest_rights", "critical", "S1"),
		("security.guest_rights", "warning", "S2"),
		("backups.exposed", "critical", "S1"),
		("backups.exposed", "warning", "S2"),
		("security.public_files", "warning", "S2"),
		("security.unused_accounts", "warning", "S3"),
		("backups.age", "critical", "S2"),
		("data.email_format", "warning", "S4"),
		("database.wasted_space", "warning", "S4"),
	],
)
def test_what_was_found_decides(check: str, gravity: str, expected: str) -> None:
	assert severity(check, gravity) == expected


@pytest.mark.parametrize(("count", "expected"), [(1, "S3"), (10, "S3"), (11, "S2"), (5000, "S2")])
@pytest.mark.parametrize("check", sorted(rules.FAILED_PAYMENTS))
def test_more_than_ten_failed_payments_are_s2(check: str, count: int, expected: str) -> None:
	assert severity(check, count=count) == expected


def test_other_counts_of_payments_are_not_failed_payments() -> None:
	assert severity("payments.bank_unmatched", count=500) == "S3"


@pytest.mark.parametrize(
	("lasts", "expected"), [(timedelta(minutes=30), "S3"), (timedelta(minutes=30, seconds=1), "S2")]
)
def test_slowness_that_lasts_is_s2(lasts: timedelta, expected: str) -> None:
	assert severity("performance.requests", lasts=lasts) == expected


def test_slowness_where_payments_are_made_is_s2_at_once() -> None:
	assert severity("performance.slow_methods", subjects=("/api/method/shop.checkout",)) == "S2"
	assert severity("performance.slow_methods", subjects=("/app/todo",)) == "S3"


def test_what_merely_lasts_is_not_slow() -> None:
	assert severity("email.retrying", lasts=timedelta(days=9)) == "S3"


@pytest.mark.parametrize(("count", "expected"), [(1, "S4"), (2, "S3"), (9, "S3"), (10, "S2")])
def test_how_many_users_cannot_work_decides(count: int, expected: str) -> None:
	assert severity("portal.locked_out", count=count) == expected


def test_what_is_critical_never_waits() -> None:
	assert severity("data.email_format", "critical") == "S2"
	assert severity("portal.locked_out", "critical", 1) == "S2"


def test_information_deserves_no_incident() -> None:
	assert not rules.deserves_incident("info")
	assert rules.deserves_incident("warning")
	assert rules.deserves_incident("critical")


def test_what_it_explains_counts_too() -> None:
	lost = {"fingerprint": "data.records_lost:Member", "severity": "warning", "count": 3, "title": "x"}
	root = {"fingerprint": "storage.folders", "severity": "warning", "count": 1, "title": "y"}
	proposal = Sighting("storage.folders", "storage", root, (lost,)).proposal()
	assert (proposal.severity, proposal.reason) == ("S1", "Data is lost or damaged.")
	assert Sighting("storage.folders", "storage", root).proposal().severity == "S3"


@pytest.mark.parametrize(
	("check", "expected"),
	[
		("storage.missing", "Data Loss"),
		("security.exports", "Security"),
		("config.exposed", "Security"),
		("performance.requests", "Performance"),
		("database.latency", "Performance"),
		("integrations.gateways", "Vendor"),
		("jobs.workers", "Technical"),
		("another_app.thing", "Technical"),
	],
)
def test_the_category_follows_the_check(check: str, expected: str) -> None:
	assert category(check, check.partition(".")[0]) == expected
	assert expected in rules.CATEGORIES


def test_every_check_that_a_rule_names_exists() -> None:
	named = {check for found in vars(rules).values() if isinstance(found, frozenset) for check in found}
	assert sorted(named - set(all_checks())) == []


def test_each_severity_has_its_aliases_with_their_scales() -> None:
	assert tuple(ALIASES) == SEVERITIES
	assert in_full("S1") == "S1 Critical: P1 on a scale from P1 to P4, P0 on one from P0 to P3, Sev 1"
	assert in_full("S3") == "S3 Medium: P3 on a scale from P1 to P4, P2 on one from P0 to P3"


@pytest.mark.parametrize("text", ["S2", "s2", " S2 "])
def test_a_severity_is_read_however_it_is_typed(text: str) -> None:
	assert parse_severity(text) == "S2"


def test_a_bare_p1_is_refused_with_both_of_its_meanings() -> None:
	with pytest.raises(
		UsageError, match=r"P1 may mean S1 \(Critical\) or S2 \(High\): there are two scales"
	) as found:
		parse_severity("p1")
	assert found.value.remedy == "Say S1, S2, S3 or S4."


@pytest.mark.parametrize("text", ["", "S5", "urgent", "P9"])
def test_what_is_no_severity_is_refused(text: str) -> None:
	with pytest.raises(UsageError, match="is no severity"):
		parse_severity(text)
