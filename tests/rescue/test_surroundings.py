"""Whatever is broken around it, the command line says what can be known, with the right exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Samples
from tests.support.sample import SampleSite
from tests.support.services import free_port


@pytest.fixture(params=["mariadb", "postgres", "sqlite"])
def site(request: pytest.FixtureRequest, samples: Samples) -> Iterator[SampleSite]:
	if request.param not in request.config.getoption("--databases").split(","):
		pytest.skip(f"{request.param} was left out with --databases")
	made = samples.site(request.param)
	yield made
	made.bench.restore()


def run(site: SampleSite, *arguments: str) -> tuple[int, dict[str, Any], str]:
	"""Run the real command line in a process of its own; return exit status, report and stderr."""
	command = [
		sys.executable,
		"-m",
		"recovery_console.rescue",
		"--bench",
		str(site.bench.folder),
		"--site",
		site.name,
		*(arguments or ("diagnose", "--format", "json")),
	]
	environment = {name: value for name, value in os.environ.items() if not name.startswith("FRAPPE_")}
	done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
	assert "Traceback" not in done.stderr
	return done.returncode, json.loads(done.stdout) if done.stdout.startswith("{") else {}, done.stderr


def statuses(report: dict[str, Any]) -> dict[str, str]:
	return {check["id"]: check["status"] for check in report["checks"]}


def reasons(report: dict[str, Any]) -> set[str]:
	return {check["reason"] for check in report["checks"] if check["status"] == "unknown"}


def test_without_the_database_the_queues_are_still_looked_at(site: SampleSite) -> None:
	site.set_config(db_port=free_port(), db_name="gone")
	status, report, _ = run(site)
	assert status == 2
	assert statuses(report)["database.reachable"] == "critical"
	assert statuses(report)["cache.reachable"] == "ok"
	assert statuses(report)["jobs.redis"] == "ok"
	assert statuses(report)["email.stuck_sending"] == "unknown"
	assert "ok" not in {
		state for check, state in statuses(report).items() if check.startswith(("email.", "sepa."))
	}


def test_without_redis_the_database_is_still_looked_at(site: SampleSite) -> None:
	site.bench.redis_cache.kill()
	site.bench.redis_queue.kill()
	status, report, _ = run(site)
	assert status == 2
	assert statuses(report)["cache.reachable"] == "critical"
	assert statuses(report)["jobs.redis"] == "critical"
	assert statuses(report)["database.reachable"] == "ok"
	assert statuses(report)["email.stuck_sending"] == "ok"
	assert statuses(report)["jobs.workers"] == "unknown"


def test_without_both_the_configuration_is_still_looked_at(site: SampleSite) -> None:
	site.set_config(db_port=free_port(), db_name="gone")
	site.bench.redis_cache.kill()
	site.bench.redis_queue.kill()
	status, report, _ = run(site)
	assert status == 2
	assert statuses(report)["config.readable"] == "ok"
	assert report["duration_ms"] < 15_000


@pytest.mark.parametrize(
	"content", [b"", b"{", b'{"db_name": "x",}', b"[]", b"\xff\xfe{\x00}\x00", b"null"], ids=repr
)
def test_a_broken_site_config_is_named_and_the_rest_goes_on(site: SampleSite, content: bytes) -> None:
	site.config_path.write_bytes(content)
	status, report, _ = run(site)
	assert status == 2
	assert statuses(report)["config.readable"] == "critical"
	assert statuses(report)["cache.reachable"] == "ok"


def test_a_missing_site_config_is_named(site: SampleSite) -> None:
	site.config_path.unlink()
	status, report, _ = run(site)
	assert status == 2
	assert statuses(report)["config.readable"] == "critical"


def test_a_table_of_another_version_makes_its_checks_unknown_or_skipped_and_no_others(
	site: SampleSite,
) -> None:
	site.sql("ALTER TABLE `tabEmail Queue` RENAME TO `tabElsewhere`")
	site.sql("ALTER TABLE `tabData Import` RENAME COLUMN status TO elsewhere")
	try:
		_, report, _ = run(site)
	finally:
		site.sql("ALTER TABLE `tabElsewhere` RENAME TO `tabEmail Queue`")
		site.sql("ALTER TABLE `tabData Import` RENAME COLUMN elsewhere TO status")
	found = statuses(report)
	assert found["database.reachable"] == "ok"
	assert found["email.stuck_sending"] == "skipped"
	assert found["imports.failed"] == "unknown"
	assert any("status" in reason for reason in reasons(report))
	assert found["portal.failed_logins"] == "ok"


def test_a_site_that_does_not_exist_is_a_usage_error(site: SampleSite) -> None:
	site.name, name = "nowhere.example.org", site.name
	status, report, stderr = run(site)
	site.name = name
	assert (status, report) == (66, {})
	assert name in stderr
	assert "Nothing was changed." in stderr
