"""The commands that repair, by the real command line in a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from recovery_console.core.people import shell_actor
from tests.conftest import Samples
from tests.faults import all_faults
from tests.faults.footprint import expect_same, take
from tests.support.console import Console
from tests.support.sample import SampleSite

RUNBOOK = "release-stuck-emails"


@pytest.fixture
def stuck(samples: Samples) -> Iterator[SampleSite]:
	"""A site with mails stuck in Sending."""
	site = samples.site("sqlite")
	all_faults()["email.stuck_in_sending_many"].breaks(site)
	yield site
	site.bench.restore()


def console(site: SampleSite, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
	command = [sys.executable, "-m", "recovery_console.rescue", "--bench", str(site.bench.folder)]
	environment = {name: value for name, value in os.environ.items() if not name.startswith("FRAPPE_")}
	done = subprocess.run(
		[*command, "--site", site.name, *arguments],
		capture_output=True,
		text=True,
		timeout=120,
		env=environment,
		input=stdin,
	)
	assert "Traceback" not in done.stderr, done.stderr
	return done


def started(site: SampleSite, *arguments: str) -> dict[str, object]:
	done = console(site, "run", RUNBOOK, "--yes", "--reason", "a test", "--format", "json", *arguments)
	assert done.returncode == 0, done.stderr
	found: dict[str, object] = json.loads(done.stdout)
	return found


def test_a_plan_shows_every_change_and_changes_nothing(stuck: SampleSite) -> None:
	before = take(stuck, set())
	done = console(stuck, "run", RUNBOOK, "--plan-only", "--format", "json")
	assert done.returncode == 0
	plan = next(step["plan"] for step in json.loads(done.stdout)["steps"] if step["plan"])
	assert plan["count"] == len(stuck.rows("Email Queue", {"status": "Sending"}))
	assert {change["what"] for sample in plan["samples"] for change in sample["changes"]} >= {"status"}
	expect_same(before, take(stuck, set()))


def test_without_an_answer_it_waits_for_approval_and_goes_on_with_it(stuck: SampleSite) -> None:
	before = stuck.checksums()
	done = console(stuck, "run", RUNBOOK)
	assert done.returncode == 1
	assert "Waits for approval" in done.stderr
	assert stuck.checksums() == before
	run = console(stuck, "runs").stdout.split()[0]
	assert console(stuck, "approve", run, "--reason", "seen").returncode == 0
	done = console(stuck, "resume", run)
	assert done.returncode == 0, done.stderr
	assert "Succeeded" in done.stdout


def test_a_run_is_made_and_taken_back_to_the_byte(stuck: SampleSite) -> None:
	done = console(stuck, "run", "enable-scheduler", "--plan-only")
	if done.returncode:
		pytest.fail(done.stderr)
	stuck.set_single("System Settings", enable_scheduler=0)
	before = take(stuck, set())
	done = console(stuck, "run", "enable-scheduler", "--yes", "--reason", "a test", "--format", "json")
	assert done.returncode == 0, done.stderr
	run = json.loads(done.stdout)
	assert run["state"] == "Succeeded"
	done = console(stuck, "undo", run["id"], "--yes", "--format", "json")
	assert done.returncode == 0, done.stderr
	assert json.loads(done.stdout)["state"] == "Undone"
	expect_same(before, take(stuck, set()))


def test_with_both_redis_servers_dead_a_run_goes_through(samples: Samples) -> None:
	site = samples.site("sqlite")
	site.set_single("System Settings", enable_scheduler=0)
	for name in ("redis-cache", "redis-queue"):
		samples.services[name].stop()
	try:
		done = console(site, "run", "enable-scheduler", "--yes", "--reason", "a test", "--format", "json")
		assert json.loads(done.stdout)["made"] == 1, done.stdout
		assert site.single("System Settings", "enable_scheduler") == "1"
	finally:
		site.bench.restore()


@pytest.mark.parametrize(
	("arguments", "says"),
	[
		(("run", "no-such-runbook"), "no runbook"),
		(("run", "<img src=x onerror=alert(1)>"), "no runbook"),
		(("run", RUNBOOK, "--param", "no_such=1"), "no parameter"),
		(("run", RUNBOOK, "--param", "most"), "is no parameter"),
		(("run", RUNBOOK, "--param", "most=many"), "whole number"),
		(("run", RUNBOOK, "--param", "most=-1"), "negative"),
		(("run", RUNBOOK, "--param", "most=0"), "no limit"),
		(("run", RUNBOOK, "--param", "older_than=5"), "unit"),
		(("run", RUNBOOK, "--param", "names=x'; DROP TABLE `tabUser`; --"), ""),
		(("run", RUNBOOK, "--param", 'names=[{"a": 1}]'), "no name"),
		(("run", RUNBOOK, "--param", "names=[1"), ""),
		(("run", RUNBOOK, "--param", "names=@/no/such/file"), "cannot be read"),
		(("run", RUNBOOK, "--param", "most=1", "--param", "most=2"), "twice"),
		(("resume", "RC-RUN-20261122-00000000"), "no run"),
		(("resume", "../../etc/passwd"), "not the name of a run"),
		(("undo", "x; rm -rf /", "--yes"), "not the name of a run"),
		(("approve", "RC-RUN-20261122-00000000", "--reason", "x"), "no run"),
	],
)
def test_bad_input_is_refused_and_changes_nothing(
	stuck: SampleSite, arguments: tuple[str, ...], says: str
) -> None:
	before = take(stuck, set())
	done = console(stuck, *arguments)
	assert done.returncode >= 64, (done.returncode, done.stderr)
	assert says in done.stderr
	assert "Nothing was changed." in done.stderr
	expect_same(before, take(stuck, set()))


def test_ten_thousand_names_are_too_many_only_beyond_ten_thousand(stuck: SampleSite, tmp_path: Path) -> None:
	names = tmp_path / "names.txt"
	names.write_text(",".join(f"EQ{number}" for number in range(10_001)))
	before = take(stuck, set())
	done = console(stuck, "run", RUNBOOK, "--param", f"names=@{names}")
	assert done.returncode == 64
	assert "more than 10000" in done.stderr
	expect_same(before, take(stuck, set()))


def test_a_run_of_break_glass_is_adopted_once(samples: Samples) -> None:
	site = samples.site("sqlite")
	done = console(site, "adopt")
	assert done.returncode >= 64
	assert "not installed" in done.stderr
	all_faults()["email.stuck_in_sending_many"].breaks(site)
	run = str(started(site)["id"])
	Console(site)
	done = console(site, "adopt")
	assert (done.returncode, done.stdout.split(), done.stderr.strip()) == (
		0,
		[run],
		"1 runs and 0 incidents taken in",
	)
	done = console(site, "adopt")
	assert (done.returncode, done.stdout, done.stderr.strip()) == (0, "", "0 runs and 0 incidents taken in")
	done = console(site, "runs", run)
	assert "Succeeded" in done.stdout
	site.bench.restore()


def test_a_run_that_the_site_keeps_is_listed_and_gone_on_with(stuck: SampleSite) -> None:
	Console(stuck)
	assert console(stuck, "run", RUNBOOK).returncode == 1
	done = console(stuck, "runs")
	assert f"1 runs in the site {stuck.name}" in done.stderr
	run = done.stdout.split()[0]
	assert console(stuck, "approve", run, "--reason", "seen").returncode == 0
	assert console(stuck, "resume", run).returncode == 0
	assert stuck.sql("SELECT `state` FROM `tabRunbook Run`") == [{"state": "Succeeded"}]


def test_a_damaged_journal_hides_no_other_run(stuck: SampleSite) -> None:
	run = started(stuck)["id"]
	folder = stuck.path / "private" / "recovery_console" / "runs"
	(folder / "RC-RUN-20261122-BADBAD00.jsonl").write_text("{}\n")
	done = console(stuck, "runs")
	assert (done.returncode, done.stdout.split()[0]) == (0, run)
	assert "RC-RUN-20261122-BADBAD00" in done.stderr


def test_a_password_is_repeated_nowhere(samples: Samples, tmp_path: Path) -> None:
	site = samples.site("sqlite")
	fault = all_faults()["email.password_was_never_stored"]
	fault.breaks(site)
	word = tmp_path / "word"
	word.write_text("Sw0rdfish-of-the-day")
	given = [f"--param={name}={value}" for name, value in fault.given.items() if name != "password"]
	call = ["run", fault.runbook, *given, f"--param=password=@{word}"]
	for more in (["--plan-only"], ["--plan-only", "--format", "json"], ["--yes", "--reason", "a test"]):
		done = console(site, *call, *more)
		assert done.returncode < 64, done.stderr
		assert word.read_text() not in done.stdout + done.stderr
	run = console(site, "runs").stdout.split()[0]
	assert word.read_text() not in console(site, "runs", run, "--format", "json").stdout
	kept = (site.path / "private" / "recovery_console").rglob("*")
	assert all(word.read_text().encode() not in path.read_bytes() for path in kept if path.is_file())
	word.write_text("Sw0rdfish\x00")
	done = console(site, *call)
	assert done.returncode == 64
	assert "Sw0rdfish" not in done.stdout + done.stderr
	site.bench.restore()


def test_who_sits_at_the_shell_is_no_second_person(stuck: SampleSite) -> None:
	assert console(stuck, "run", RUNBOOK).returncode == 1
	run = console(stuck, "runs").stdout.split()[0]
	me = shell_actor().name
	for name in (me, me.removeprefix("shell:"), me.removeprefix("shell:").partition("@")[0]):
		done = console(stuck, "approve", run, "--reason", "seen", "--approved-by", name)
		assert done.returncode == 77
		assert "no second person" in done.stderr
	assert console(stuck, "approve", run, "--reason", "seen", "--approved-by", "Berta").returncode == 0
