"""Boundaries of the checks on the scheduler, and how they find code without running it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from recovery_console.core.finding import Finding, Status
from recovery_console.core.report import Report
from tests.conftest import Samples, look_at
from tests.faults.scheduler._times import let_it_rest, log_runs, name_of
from tests.support.sample import SampleSite

DAILY = "frappe.desk.form.document_follow.send_daily_updates"
SAVE = "frappe.deferred_insert.save_to_db"


def said(report: Report) -> list[Finding]:
	return [finding for result in report.results for finding in result.findings]


def test_without_the_database_the_files_still_tell(site: SampleSite) -> None:
	site.set_config(db_name="gone", pause_scheduler=1, maintenance_mode=1)
	report = look_at(site, families=("scheduler",))
	found = {result.check.id: result.status for result in report.results}
	assert found.pop("scheduler.switches") is Status.CRITICAL
	assert found.pop("scheduler.maintenance") is Status.CRITICAL
	assert set(found.values()) <= {Status.UNKNOWN, Status.SKIPPED}


def test_a_site_may_undo_what_the_bench_sets(site: SampleSite) -> None:
	site.bench.set_common_config(pause_scheduler=1, maintenance_mode=1)
	site.set_config(pause_scheduler=0, maintenance_mode=0)
	assert said(look_at(site, families=("scheduler",))) == []


@pytest.mark.parametrize(
	("key", "common", "scope"), [("pause_scheduler", 0, "site"), ("pause_scheduler", 1, "bench")]
)
def test_a_switch_names_its_file_and_scope(site: SampleSite, key: str, common: int, scope: str) -> None:
	(site.bench.set_common_config if common else site.set_config)(**{key: 1})
	(finding,) = said(look_at(site, "scheduler.switches"))
	path = site.bench.common_config_path if common else site.config_path
	assert (finding.evidence["file"], finding.evidence["scope"]) == (str(path), scope)
	assert str(path) in finding.render(finding.title)


def test_a_restart_may_take_a_while(samples: Samples) -> None:
	site = samples.site("mariadb", 15)
	mark = site.bench.folder / "sites" / ".restarting"
	mark.touch()
	began = site.bench.now.timestamp() - 500
	os.utime(mark, (began, began))
	assert said(look_at(site, "scheduler.switches")) == []


def test_maintenance_mode_during_a_migration_is_as_it_should_be(site: SampleSite) -> None:
	site.set_config(maintenance_mode=1)
	with (site.path / "locks" / "bench_migrate.lock").open("w") as lock:
		fcntl.flock(lock, fcntl.LOCK_EX)
		(finding,) = said(look_at(site, "scheduler.maintenance"))
		assert finding.severity.value == "info"
		long_ago = site.bench.now.timestamp() - 3700
		os.utime(site.config_path, (long_ago, long_ago))
		(finding,) = said(look_at(site, "scheduler.maintenance"))
		assert finding.severity.value == "warning"
	(finding,) = said(look_at(site, "scheduler.maintenance"))
	assert finding.severity.value == "critical"


def test_an_update_of_the_bench_is_seen_among_its_processes(site: SampleSite) -> None:
	site.bench.set_common_config(maintenance_mode=1)
	command = [sys.executable, "-c", "import time; time.sleep(60)", "bench", "update"]
	with subprocess.Popen(command, cwd=site.bench.folder) as process:
		(finding,) = said(look_at(site, "scheduler.maintenance"))
		process.kill()
	assert finding.severity.value == "info"
	assert "update" in finding.evidence["running"]


@pytest.mark.parametrize(("minutes", "tick", "found"), [(12, 0, 0), (24, 0, 1), (24, 600, 0)])
def test_the_scheduler_counts_as_dead_after_a_quarter_of_an_hour(
	any_site: SampleSite, minutes: int, tick: int, found: int
) -> None:
	any_site.bench.set_common_config(scheduler_tick_interval=tick)
	let_it_rest(any_site, minutes / 60)
	assert len(said(look_at(any_site, "scheduler.alive"))) == found


def test_a_dead_scheduler_explains_what_is_late(site: SampleSite) -> None:
	let_it_rest(site, 30)
	report = look_at(site, families=("scheduler",))
	late = [finding for finding in report.findings if finding.fingerprint == "scheduler.overdue"]
	assert [finding.caused_by for finding in late] == [("scheduler.alive",)]
	assert report.findings[0].fingerprint == "scheduler.alive"


def test_a_site_whose_jobs_are_all_stopped_is_not_dead(site: SampleSite) -> None:
	let_it_rest(site, 30)
	for row in site.rows("Scheduled Job Type", None, ["name"]):
		site.update("Scheduled Job Type", row["name"], stopped=1)
	assert said(look_at(site, "scheduler.alive", "scheduler.overdue", "scheduler.never_run")) == []


def make_due(site: SampleSite, method: str, minutes: int, frequency: str = "Cron") -> None:
	"""Let a job be due for so many minutes, and up to one more."""
	due = (site.now - timedelta(minutes=minutes)).replace(second=0, microsecond=0)
	site.update(
		"Scheduled Job Type",
		name_of(site, method),
		frequency=frequency,
		cron_format=f"{due.minute} {due.hour} * * *",
		last_execution=due - timedelta(hours=1),
	)


@pytest.mark.parametrize(
	("minutes", "frequency", "found"),
	[(29, "Cron", 0), (31, "Cron", 1), (118, "Daily Long", 0), (132, "Daily Long", 1)],
)
def test_a_job_may_start_late(any_site: SampleSite, minutes: int, frequency: str, found: int) -> None:
	make_due(any_site, DAILY, minutes, frequency)
	assert len(said(look_at(any_site, "scheduler.overdue"))) == found


@pytest.mark.parametrize(("minutes", "found"), [(59, 0), (61, 1)])
def test_a_new_job_may_take_an_hour_to_run_first(site: SampleSite, minutes: int, found: int) -> None:
	make_due(site, DAILY, minutes)
	creation = site.value("Scheduled Job Type", {"method": DAILY}, "last_execution")
	site.update("Scheduled Job Type", {"method": DAILY}, last_execution=None, creation=creation)
	assert len(said(look_at(site, "scheduler.never_run"))) == found


@pytest.mark.parametrize(("minutes", "severity"), [(5, None), (6, "warning"), (61, "critical")])
def test_clocks_may_differ_a_little(site: SampleSite, minutes: float, severity: str | None) -> None:
	site.update("Scheduled Job Type", {"method": DAILY}, last_execution=site.minutes_ago(-minutes))
	found = [finding.severity.value for finding in said(look_at(site, "scheduler.clock"))]
	assert found == ([severity] if severity else [])


def test_a_cron_job_without_a_line_stops_the_others_where_it_has_none_at_all(samples: Samples) -> None:
	site = samples.site("mariadb", 15)
	site.update("Scheduled Job Type", {"method": SAVE}, cron_format=None)
	(finding,) = said(look_at(site, "scheduler.plan"))
	assert finding.fingerprint == "scheduler.plan:stopper"


@pytest.mark.parametrize(
	("runs", "found"),
	[
		(["Failed"] * 2, 0),
		(["Failed"] * 3, 1),
		(["Failed"] * 5 + ["Complete"], 0),
		(["Failed"] * 3 + ["Start"], 1),
	],
)
def test_three_failures_in_a_row_are_always(any_site: SampleSite, runs: list[str], found: int) -> None:
	rows = log_runs(any_site, DAILY, "Complete", len(runs))
	for row, status in zip(rows, runs, strict=True):
		any_site.update("Scheduled Job Log", row, status=status)
	assert len(said(look_at(any_site, "scheduler.failing"))) == found


def test_failures_are_counted_from_the_last_success_and_explained(any_site: SampleSite) -> None:
	text = "  File \"a.py\", line 1\npymysql.err.OperationalError: (1205, 'Lock wait timeout exceeded; try')"
	rows = log_runs(any_site, DAILY, "Failed", 8, text)
	any_site.update("Scheduled Job Log", rows[2], status="Complete")
	(finding,) = said(look_at(any_site, "scheduler.failing"))
	assert finding.evidence["failures"] == 5
	assert finding.evidence["error"] == "OperationalError 1205"
	assert finding.evidence["known_error"]


@pytest.mark.parametrize(("minutes", "found"), [(15, 0), (15.1, 1)])
def test_a_run_may_take_as_long_as_its_queue_allows(any_site: SampleSite, minutes: float, found: int) -> None:
	any_site.insert(
		"Scheduled Job Log",
		scheduled_job_type=name_of(any_site, DAILY),
		status="Start",
		creation=any_site.minutes_ago(minutes),
	)
	assert len(said(look_at(any_site, "scheduler.stuck_runs"))) == found


@pytest.mark.parametrize(
	("days", "dormant_days", "developer", "found"),
	[(3.9, 4, 0, 0), (4, 4, 0, 1), (9, 10, 0, 0), (9, 4, 1, 0), (4, 0, 0, 1)],
)
def test_frappe_15_waits_some_days_before_it_slows_down(
	samples: Samples, days: float, dormant_days: int, developer: int, found: int
) -> None:
	site = samples.site("mariadb", 15)
	site.delete("Activity Log")
	site.insert("Activity Log", user="Administrator", creation=site.days_ago(days))
	site.set_single("System Settings", dormant_days=dormant_days)
	site.set_config(developer_mode=developer)
	assert len(said(look_at(site, "scheduler.dormant"))) == found


def test_frappe_16_does_not_slow_down(site: SampleSite) -> None:
	site.delete("Activity Log")
	(result,) = look_at(site, "scheduler.dormant").results
	assert result.status is Status.SKIPPED


SOURCE = """
import os.path
from elsewhere import imported, first as renamed
try:
	from fast import quick
except ImportError:
	def quick(): ...
if os.name:
	@decorated
	def guarded(): ...
made = partial(print)
a, (unpacked, c) = 1, (2, 3)
class Holder:
	def inside(self): ...
"""


@pytest.mark.parametrize(
	("source", "name", "found"),
	[
		(SOURCE, "imported", 0),
		(SOURCE, "renamed", 0),
		(SOURCE, "first", 1),
		(SOURCE, "quick", 0),
		(SOURCE, "guarded", 0),
		(SOURCE, "made", 0),
		(SOURCE, "unpacked", 0),
		(SOURCE, "Holder", 0),
		(SOURCE, "inside", 1),
		(SOURCE, "absent", 1),
		("from elsewhere import *", "anything", 0),
		("def __getattr__(name): ...", "anything", 0),
		("def broken(:", "anything", 0),
		("raise SystemExit('this must never run')", "anything", 1),
	],
)
def test_a_name_is_found_without_running_the_module(
	site: SampleSite, source: str, name: str, found: int
) -> None:
	path = site.bench.folder / "apps" / "frappe" / "frappe" / "probe.py"
	path.write_text(source)
	site.update("Scheduled Job Type", {"method": SAVE}, method=f"frappe.probe.{name}")
	assert len(said(look_at(site, "scheduler.gone_method"))) == found


def test_without_the_sources_nobody_can_tell_what_is_gone(site: SampleSite) -> None:
	hide(site.bench.folder / "apps" / "frappe")
	(result,) = look_at(site, "scheduler.gone_method").results
	assert result.status is Status.UNKNOWN


def hide(folder: Path) -> None:
	folder.rename(folder.with_name(".hidden"))


def test_the_server_script_of_a_scheduled_job_is_looked_for(site: SampleSite) -> None:
	site.insert("Server Script", name="Nightly", script_type="Scheduler Event", script="pass")
	site.update("Scheduled Job Type", {"method": SAVE}, server_script="Nightly", method="nightly")
	assert said(look_at(site, "scheduler.gone_method")) == []
