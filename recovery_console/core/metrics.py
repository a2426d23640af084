"""What a monitor may scrape: the newest snapshot, the incidents and what answers right now, as metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any

from recovery_console.core.finding import Severity, Status
from recovery_console.core.measures import PREFIX, measured
from recovery_console.core.openmetrics import Metric, Sample
from recovery_console.core.record import dataclass

SEVERITIES = ("S1", "S2", "S3", "S4")


@dataclass(frozen=True)
class Taken:
	"""The newest snapshot, as far as metrics need it.

	Args:
		at: When it was begun, aware.
		duration_seconds: How long it took.
		status: Its status, one of `Status`.
		families: Status by family.
		measurements: Numbers by ``<check>.<measurement>``.
		report: The whole report; None once only the numbers are kept.
	"""

	at: datetime
	duration_seconds: float
	status: str
	families: Mapping[str, str]
	measurements: Mapping[str, float]
	report: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class State:
	"""What is known of a site when it is scraped.

	Args:
		console: Version of the console.
		frappe: Version of Frappe.
		taken: The newest snapshot; None where there is none.
		incidents: How many are open, by severity.
		up: Which sources answer right now, by name.
		queues: How many jobs wait, by queue; empty while Redis does not answer.
	"""

	console: str
	frappe: str
	taken: Taken | None
	incidents: Mapping[str, int]
	up: Mapping[str, bool]
	queues: Mapping[str, int] = field(default_factory=dict)


def metrics_of(state: State, now: datetime) -> list[Metric]:
	"""Return everything that a scrape is told.

	Args:
		state: What is known.
		now: The present moment, aware.
	"""
	found = [
		_gauge(
			"build_info",
			"Versions of the console and of Frappe.",
			[Sample(1, {"version": state.console, "frappe_version": state.frappe})],
			info=True,
		),
		_gauge(
			"source_up",
			"Whether a source of the site answers right now: 1 or 0.",
			[Sample(answers, {"source": name}) for name, answers in state.up.items()],
		),
		_gauge(
			"queue_waiting_jobs",
			"Jobs that wait in a queue of the bench right now.",
			[Sample(number, {"queue": name}) for name, number in sorted(state.queues.items())],
		),
		_gauge(
			"open_incidents",
			"Incidents that are open, by severity.",
			[Sample(state.incidents.get(name, 0), {"severity": name}) for name in SEVERITIES],
		),
	]
	return [*found, *(_snapshot(state.taken, now) if state.taken else [])]


def _gauge(name: str, text: str, samples: Sequence[Sample], *, unit: str = "", info: bool = False) -> Metric:
	return Metric(f"{PREFIX}_{name}", text, samples, unit, info)


def _snapshot(taken: Taken, now: datetime) -> list[Metric]:
	age = max(0.0, (now - taken.at).total_seconds())
	found = [
		_gauge(
			"snapshot_timestamp_seconds",
			"When the newest snapshot was begun, in seconds since 1970.",
			[Sample(taken.at.timestamp(), {})],
			unit="seconds",
		),
		_gauge("snapshot_age_seconds", "How old the newest snapshot is.", [Sample(age, {})], unit="seconds"),
		_gauge(
			"snapshot_duration_seconds",
			"How long the newest snapshot took.",
			[Sample(taken.duration_seconds, {})],
			unit="seconds",
		),
		_gauge(
			"site_status",
			"Status of the site: 1 for the one that it has, 0 for the others.",
			[Sample(taken.status.lower() == status, {"status": status}) for status in Status],
		),
		_gauge(
			"family_status",
			"Status of each family of checks: 1 for the one that it has, 0 for the others.",
			[
				Sample(found.lower() == status, {"family": family, "status": status})
				for family, found in taken.families.items()
				for status in Status
			],
		),
	]
	return [*found, *(_checks(taken.report) if taken.report else []), *measured(taken.measurements)]


def _checks(report: Mapping[str, Any]) -> list[Metric]:
	checks: Sequence[Mapping[str, Any]] = report["checks"]
	findings = {(family, severity): 0 for family in report["families"] for severity in Severity}
	for check in checks:
		for finding in check["findings"]:
			findings[check["family"], Severity(finding["severity"])] += 1
	return [
		_gauge(
			"findings",
			"Problems that the newest snapshot found, by family and severity.",
			[
				Sample(number, {"family": family, "severity": severity.value})
				for (family, severity), number in findings.items()
			],
		),
		_gauge(
			"check_status",
			"1 for the status that each check of the newest snapshot has.",
			[
				Sample(1, {"family": check["family"], "check": check["id"], "status": check["status"]})
				for check in checks
			],
		),
		_gauge(
			"check_duration_seconds",
			"How long each check of the newest snapshot took.",
			[Sample(check["duration_ms"] / 1000, {"check": check["id"]}) for check in checks],
			unit="seconds",
		),
	]
