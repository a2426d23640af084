"""Metrics: names and units as Prometheus wants them, read back by the parsers that others use."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import datetime, timedelta
from typing import Any

import pytest
from prometheus_client import openmetrics
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_prometheus

from recovery_console.core.measures import MOST_MEASUREMENTS, measured
from recovery_console.core.metrics import State, Taken, metrics_of
from recovery_console.core.openmetrics import Metric, Sample, render, wants_openmetrics
from recovery_console.core.registry import all_checks
from recovery_console.core.times import UTC

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
MEASUREMENTS = {
	"email.stuck_sending.oldest_hours": 31.5,
	"database.latency.answer_ms": 2.5,
	"host.disk.free_gib": 2,
	"host.disk.fullest_percent": 84,
	"database.binary_log.log_written_mib_per_hour": 3,
	"jobs.failed.jobs": 7,
	"payments.gaps.minutes": 5,
	"acme.café-Check.Größe_count": 1,
}


def state(**changes: Any) -> State:
	report = {
		"families": {"email": "critical", "jobs": "ok"},
		"checks": [
			{
				"id": "email.stuck_sending",
				"family": "email",
				"status": "critical",
				"duration_ms": 8.1,
				"findings": [{"severity": "critical", "title": "12 mails of alice@example.org"}],
			},
			{"id": "jobs.failed", "family": "jobs", "status": "ok", "duration_ms": 1, "findings": []},
		],
	}
	taken = Taken(
		at=NOW - timedelta(minutes=10),
		duration_seconds=0.412,
		status="critical",
		families=report["families"],  # type: ignore[arg-type]
		measurements=MEASUREMENTS,
		report=report,
	)
	given: dict[str, Any] = {
		"console": '0.1.0 "odd\\',
		"frappe": "15.44.2\n",
		"taken": taken,
		"incidents": {"S1": 1, "S3": 4},
		"up": {"database": True, "cache": False},
		"queues": {"default": 3, "long": 0},
	}
	return State(**{**given, **changes})


def read(text: str, *, modern: bool = True) -> dict[str, list[Any]]:
	parse = read_openmetrics if modern else read_prometheus
	return {family.name: family.samples for family in parse(text)}


def test_the_reference_parser_reads_every_line_and_finds_the_numbers() -> None:
	found = read(render(metrics_of(state(), NOW), openmetrics=True))
	(age,) = found["recovery_console_snapshot_age_seconds"]
	assert age.value == 600
	(info,) = found["recovery_console_build"]
	assert info.labels == {"version": '0.1.0 "odd\\', "frappe_version": "15.44.2\n"}
	assert {
		sample.labels["severity"]: sample.value for sample in found["recovery_console_open_incidents"]
	} == {
		"S1": 1,
		"S2": 0,
		"S3": 4,
		"S4": 0,
	}
	findings = {
		(sample.labels["family"], sample.labels["severity"]): sample.value
		for sample in found["recovery_console_findings"]
	}
	assert findings["email", "critical"] == 1
	assert findings["jobs", "warning"] == 0
	up = {sample.labels["source"]: sample.value for sample in found["recovery_console_source_up"]}
	assert up == {"database": 1, "cache": 0}


def test_exactly_one_status_is_on_for_the_site_and_for_each_family() -> None:
	found = read(render(metrics_of(state(), NOW), openmetrics=True))
	on = [sample.labels["status"] for sample in found["recovery_console_site_status"] if sample.value]
	assert on == ["critical"]
	on = [sample.labels for sample in found["recovery_console_family_status"] if sample.value]
	assert on == [{"family": "email", "status": "critical"}, {"family": "jobs", "status": "ok"}]


@pytest.mark.parametrize(
	("name", "value"),
	[
		("recovery_console_email_stuck_sending_oldest_seconds", 31.5 * 3600),
		("recovery_console_database_latency_answer_seconds", 0.0025),
		("recovery_console_host_disk_free_bytes", 2 * 1024**3),
		("recovery_console_host_disk_fullest_ratio", 0.84),
		("recovery_console_database_binary_log_log_written_per_hour_bytes", 3 * 1024**2),
		("recovery_console_jobs_failed_jobs", 7),
		("recovery_console_payments_gaps_seconds", 300),
		("recovery_console_acme_caf_check_gr_e_counts", 1),
	],
)
def test_measurements_are_told_in_base_units(name: str, value: float) -> None:
	(metric,) = [metric for metric in measured(MEASUREMENTS) if metric.name == name]
	assert metric.samples[0].value == pytest.approx(value)


@pytest.mark.parametrize("modern", [True, False])
def test_both_formats_say_the_same(modern: bool) -> None:
	found = read(render(metrics_of(state(), NOW), openmetrics=modern), modern=modern)
	samples = {(s.name, tuple(s.labels.items())): s.value for samples in found.values() for s in samples}
	assert samples["recovery_console_snapshot_duration_seconds", ()] == 0.412
	assert (
		"recovery_console_build_info",
		(("version", '0.1.0 "odd\\'), ("frappe_version", "15.44.2\n")),
	) in samples


def test_without_a_snapshot_and_without_redis_there_is_still_something_to_scrape() -> None:
	found = read(render(metrics_of(state(taken=None, queues={}), NOW), openmetrics=True))
	assert "recovery_console_source_up" in found
	assert "recovery_console_snapshot_age_seconds" not in found
	assert "recovery_console_queue_waiting_jobs" not in found


def test_once_only_the_numbers_are_kept_they_are_still_told() -> None:
	known = state().taken
	assert known is not None
	short = Taken(known.at, 1, "ok", known.families, known.measurements)
	found = read(render(metrics_of(state(taken=short), NOW), openmetrics=True))
	assert "recovery_console_findings" not in found
	assert "recovery_console_jobs_failed_jobs" in found


def test_no_text_of_a_finding_is_told() -> None:
	assert "alice" not in render(metrics_of(state(), NOW), openmetrics=True)


def test_however_many_measurements_there_are_the_scrape_is_bounded() -> None:
	many = {f"a.b.number_{number}": 1.0 for number in range(MOST_MEASUREMENTS + 5)}
	found = measured({**many, "a.b.text": "no number"})  # type: ignore[dict-item]
	assert len(found) == MOST_MEASUREMENTS + 1
	assert found[-1].samples[0].value == 5


def test_a_wrong_name_is_refused() -> None:
	with pytest.raises(ValueError, match="not the name"):
		Metric("Bad Name", "", [])
	with pytest.raises(ValueError, match="unit"):
		Metric("recovery_console_age", "", [], unit="seconds")


@pytest.mark.parametrize(
	("accept", "modern"),
	[
		("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", True),
		("application/openmetrics-text; version=1.0.0; charset=utf-8", True),
		("text/plain;version=0.0.4;q=0.5,application/openmetrics-text;q=0.3", False),
		("application/openmetrics-text;q=x", False),
		("*/*", False),
		("", False),
	],
)
def test_who_asks_for_openmetrics_gets_it(accept: str, modern: bool) -> None:
	assert wants_openmetrics(accept) is modern


def names_in_code() -> dict[str, float]:
	"""Return every measurement that a check's source names."""
	import inspect

	found: dict[str, float] = {}
	for check in all_checks().values():
		for call in re.findall(r"self\.measure\((.*?)\n?\s*\)\n", inspect.getsource(check), re.DOTALL):
			found.update({f"{check.id}.{name}": 1.0 for name in re.findall(r"(?<![\w.])([a-z]\w*)=", call)})
	return found


def test_promtool_has_nothing_to_complain_of() -> None:
	promtool = shutil.which("promtool")
	if promtool is None:
		pytest.skip("NOT COMPARED with promtool: it is not installed here (apt install prometheus)")
	names = names_in_code()
	assert len(names) > 200
	known = state().taken
	assert known is not None
	full = Taken(known.at, 1, "ok", known.families, names, known.report)
	text = render(metrics_of(state(taken=full, console="0.1.0", frappe="15"), NOW), openmetrics=False)
	done = subprocess.run(
		[promtool, "check", "metrics"], input=text, capture_output=True, text=True, timeout=60
	)
	assert done.stdout + done.stderr == ""
	assert done.returncode == 0


def test_the_parser_is_not_one_that_accepts_everything() -> None:
	assert openmetrics.parser
	text = render([Metric("a", "", [Sample(1, {})])], openmetrics=True)
	with pytest.raises(ValueError, match="EOF"):
		read(text.replace("# EOF\n", ""))
