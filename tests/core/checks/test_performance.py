"""Boundaries of the checks on performance, and how the monitor's file and past measurements are read."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from recovery_console.core.checks.performance import _history, _monitor
from recovery_console.core.finding import Finding, Status
from recovery_console.core.report import Report
from tests.conftest import look_at
from tests.faults.performance._monitor import monitored, request
from tests.support.console import install_console
from tests.support.sample import SampleSite

NOW = datetime(2026, 11, 22, tzinfo=timezone.utc)


def said(report: Report) -> list[Finding]:
	return [finding for result in report.results for finding in result.findings]


def statuses(report: Report) -> dict[str, Status]:
	return {result.check.id: result.status for result in report.results}


MONITORED = ("performance.requests", "performance.slow_methods", "performance.failed_requests")


def test_without_the_monitor_nothing_is_claimed(site: SampleSite) -> None:
	found = statuses(look_at(site, *MONITORED, "performance.monitor", "performance.job_waits"))
	assert set(found.values()) == {Status.SKIPPED}


def test_what_is_older_or_of_another_site_counts_for_nothing(site: SampleSite) -> None:
	monitored(site, [request(site, 24 * 60 + number, 60.0, status=500) for number in range(100)])
	assert set(statuses(look_at(site, *MONITORED)).values()) == {Status.SKIPPED}


def test_a_line_written_twice_counts_once(site: SampleSite) -> None:
	monitored(site, [request(site, number, 0.1) for number in range(60)])
	(result,) = look_at(site, "performance.requests").results
	assert (result.status, result.measurements["requests"]) == (Status.OK, 60)


def test_few_requests_say_nothing(site: SampleSite) -> None:
	monitored(site, [request(site, number, 9.0) for number in range(9)])
	assert said(look_at(site, *MONITORED)) == []


def test_without_redis_the_monitor_is_unknown(site: SampleSite) -> None:
	site.set_config(monitor=1)
	site.bench.redis_cache.stop()
	assert statuses(look_at(site, "performance.monitor")) == {"performance.monitor": Status.UNKNOWN}


@pytest.mark.parametrize(
	("path", "shown"),
	[
		("/api/method/frappe.client.get?name=x", "/api/method/frappe.client.get"),
		("/api/resource/Sales%20Invoice/ACC-SINV-1", "/api/resource/…/…"),
		("/api/resource/Customer/Jansen", "/api/resource/Customer/…"),
		("/app/customer/Jansen BV", "/app/customer/…"),
		("/files/anna.pdf", "/files/…"),
		("/private/files/anna.pdf", "/private/files/…"),
		("/", "/"),
	],
)
def test_a_path_names_no_document(path: str, shown: str) -> None:
	assert _monitor.path_of(path) == shown


@pytest.mark.parametrize(
	("values", "share", "value"),
	[
		([], 0.95, 0.0),
		([3.0], 0.95, 3.0),
		(list(map(float, range(1, 101))), 0.95, 95.0),
		([2.0, 1.0], 0.5, 1.0),
	],
)
def test_percentiles(values: list[float], share: float, value: float) -> None:
	assert _monitor.percentile(values, share) == value


def test_a_line_is_fitted() -> None:
	line = _history.fit([_history.Point(NOW + timedelta(hours=12 * n), 100.0 - 5 * n) for n in range(11)])
	assert (round(line.per_day, 6), round(line.at_end, 6), line.days, round(line.fit, 6)) == (-10, 50, 5, 1)
	flat = _history.fit([_history.Point(NOW + timedelta(hours=n), 7.0) for n in range(5)])
	assert (flat.per_day, flat.fit) == (0, 0)


def test_less_than_three_days_say_nothing(site: SampleSite) -> None:
	console = install_console(site, snapshots=0)
	for number in range(14):
		console.snapshot(site.hours_ago(5.5 * number), measurements={"host.disk.free_gib": 20 + number})
	assert statuses(look_at(site, "performance.capacity")) == {"performance.capacity": Status.SKIPPED}
	console.snapshot(site.hours_ago(73), measurements={"host.disk.free_gib": 34})
	assert len(said(look_at(site, "performance.capacity"))) == 1


def test_space_that_goes_up_and_down_is_no_trend(site: SampleSite) -> None:
	console = install_console(site, snapshots=0)
	for number in range(40):
		free = 10 if number % 2 else 40 + number / 10
		console.snapshot(site.hours_ago(3 * number), measurements={"host.disk.free_gib": free})
	assert said(look_at(site, "performance.capacity")) == []
