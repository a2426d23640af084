"""`--all-sites diagnose` on a bench with good and bad sites, by the real program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from recovery_console.rescue import fleet as fleets
from recovery_console.rescue.fleet import Asked, diagnose_fleet
from tests.conftest import Samples
from tests.support.sample import SampleBench
from tests.support.services import Redis
from tests.support.sqlite_database import SqliteTarget

NAMES = ("a.example.org", "b.example.org", "broken.example.org")


@pytest.fixture(scope="module")
def made(samples: Samples, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleBench]:
	"""A bench with two good sites, and one whose configuration is no JSON."""
	cache, queue = samples.service(Redis, "redis-fleet-cache"), samples.service(Redis, "redis-fleet-queue")
	assert isinstance(cache, Redis)
	assert isinstance(queue, Redis)
	bench = SampleBench.create(
		tmp_path_factory.mktemp("fleet") / "bench", redis_cache=cache, redis_queue=queue
	)
	for name in NAMES[:2]:
		bench.add_site(name, database=SqliteTarget(), frappe=16)
	yield bench
	for site in bench.sites.values():
		site.close()


@pytest.fixture
def bench(made: SampleBench) -> Iterator[SampleBench]:
	made.restore()
	broken = made.folder / "sites" / NAMES[2]
	broken.mkdir(exist_ok=True)
	(broken / "site_config.json").write_text('{"db_name": ')
	yield made
	made.restore()


def program(bench: SampleBench, *arguments: str) -> subprocess.CompletedProcess[str]:
	done = subprocess.run(
		[
			sys.executable,
			"-m",
			"recovery_console.rescue",
			"--bench",
			str(bench.folder),
			"--all-sites",
			*arguments,
		],
		capture_output=True,
		text=True,
		timeout=120,
		env={name: value for name, value in os.environ.items() if not name.startswith("FRAPPE_")},
	)
	assert "Traceback" not in done.stderr, done.stderr
	return done


def test_one_report_over_good_and_broken_sites(bench: SampleBench) -> None:
	done = program(bench, "diagnose", "--family", "config", "--format", "json")
	report = json.loads(done.stdout)
	assert [site["site"] for site in report["sites"]] == list(NAMES)
	by_name = {site["site"]: site["status"] for site in report["sites"]}
	assert by_name["broken.example.org"] == "critical"
	assert done.returncode == 2
	assert report["sites"][0]["report"]["version"] == 1


def test_redis_that_is_down_is_named_once(bench: SampleBench) -> None:
	bench.redis_queue.stop()
	done = program(bench, "diagnose", "--family", "jobs")
	assert done.returncode == 2, done.stdout
	shared, _sites, own = done.stdout.partition("Nothing was changed.")[0].partition(
		f"\ncritical   {NAMES[0]}"
	)
	assert "Redis for the queue" in shared
	assert "a.example.org, b.example.org" in shared
	assert "Redis for the queue" not in own
	assert done.stdout.count("[jobs.redis]") == 1


def test_a_page_over_all_sites_can_be_kept(bench: SampleBench, tmp_path: Path) -> None:
	target = tmp_path / "fleet.html"
	program(bench, "diagnose", "--family", "config", "--format", "html", "--output", str(target))
	page = target.read_text()
	assert page.startswith("<!doctype html>")
	assert all(name in page for name in NAMES)


def test_one_slow_site_holds_nobody_up(
	bench: SampleBench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
	slow = tmp_path / "python"
	slow.write_text(
		f'#!/bin/sh\ncase "$*" in *b.example.org*) exec sleep 60;; esac\nexec {sys.executable} "$@"\n'
	)
	slow.chmod(0o755)
	monkeypatch.setattr(sys, "executable", str(slow))
	monkeypatch.setattr(fleets, "GRACE", 5.0)
	asked = Asked(families=("config",), deadline=1.0)
	seen: list[str] = []
	found = diagnose_fleet(
		bench.folder, NAMES[:2], asked, on_progress=lambda site, _done, _of: seen.append(site.site)
	)
	assert seen == ["a.example.org", "b.example.org"]
	assert found.sites[1].failed.startswith("It was given up after")
	assert found.sites[0].report is not None
	assert found.duration.total_seconds() < 30


def test_a_site_that_is_not_there_is_unknown(bench: SampleBench) -> None:
	found = diagnose_fleet(bench.folder, ["gone.example.org"], Asked(families=("config",)))
	assert found.status.value == "unknown"
	assert "gone.example.org" in found.sites[0].failed
	assert found.exit_status == 3


@pytest.mark.parametrize(
	"arguments",
	[["snapshot"], ["run", "release-stuck-emails"], ["incident", "list"], ["--site", "a", "diagnose"]],
)
def test_what_makes_no_sense_for_all_sites_is_refused(bench: SampleBench, arguments: list[str]) -> None:
	assert program(bench, *arguments).returncode == 64


def test_a_bench_without_a_site_says_so(tmp_path: Path) -> None:
	(tmp_path / "bench" / "sites").mkdir(parents=True)
	(tmp_path / "bench" / "apps").mkdir()
	command = [sys.executable, "-m", "recovery_console.rescue", "--bench", str(tmp_path / "bench")]
	done = subprocess.run([*command, "--all-sites", "diagnose"], capture_output=True, text=True, timeout=60)
	assert done.returncode == 64
	assert "has no site" in done.stderr
