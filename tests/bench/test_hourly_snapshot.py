"""The hourly snapshot: one however many workers there are, and one from the real scheduler and a real worker."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from recovery_console.core.bench import site_names
from tests.bench.benches import PREFIX, BenchSite, result, running

TAKE = """
import time
from recovery_console.in_site import snapshots
time.sleep(max(0, float(args[0]) - time.time()))
print(json.dumps(snapshots.take("Schedule", "only a test")))
"""
FORGET = """
frappe.db.delete("Health Snapshot", {"slot": args[0]})
frappe.db.commit()
"""
METHOD = "recovery_console.tasks.hourly_snapshot"
#: Make our job due and keep every other one from running; remember what was changed.
PREPARE = f"""
from recovery_console.in_site import snapshots
stopped = frappe.get_all("Scheduled Job Type", filters={{"stopped": 0, "method": ("!=", "{METHOD}")}}, pluck="name")
for name in stopped:
	frappe.db.set_value("Scheduled Job Type", name, "stopped", 1, update_modified=False)
frappe.db.set_value("Scheduled Job Type", {{"method": "{METHOD}"}}, {{
	"last_execution": frappe.utils.add_to_date(frappe.utils.now_datetime(), hours=-3)}}, update_modified=False)
frappe.db.delete("Health Snapshot", {{"slot": ("is", "set")}})
enabled = frappe.db.get_single_value("System Settings", "enable_scheduler")
frappe.db.set_single_value("System Settings", "enable_scheduler", 1)
frappe.db.commit()
frappe.clear_cache()
print(json.dumps([stopped, enabled]))
"""
UNDO = """
stopped, enabled = json.loads(args[0])
for name in stopped:
	frappe.db.set_value("Scheduled Job Type", name, "stopped", 0, update_modified=False)
frappe.db.set_single_value("System Settings", "enable_scheduler", enabled)
frappe.db.commit()
frappe.clear_cache()
"""
FOUND = """
print(json.dumps(frappe.get_all("Health Snapshot", filters={"slot": ("is", "set"), "status": ("!=", "Running")},
	fields=["name", "status", "taken_by"])))
"""


def test_workers_that_start_together_make_one(installed: BenchSite) -> None:
	start = str(time.time() + 4)
	try:
		workers = [installed.start(TAKE, start) for _number in range(3)]
		names = [result(worker) for worker in workers]
		assert len([name for name in names if name]) == 1, names
	finally:
		installed.python(FORGET, "only a test")


def test_the_real_scheduler_and_a_real_worker_make_one(bench: Path, tmp_path: Path) -> None:
	names = site_names(bench)
	if not all(name.startswith(PREFIX) for name in names):
		pytest.skip(f"{bench} has other sites, and a scheduler would run their jobs, too")
	sites = [BenchSite(bench, name) for name in names]
	for site in sites:
		site.install()
	changed = {site: site.python(PREPARE) for site in sites}
	log = tmp_path / "processes.log"
	try:
		with running(bench, [["schedule"], ["worker", "--queue", "long"]], log):
			for site in sites:
				[found] = wait_for_snapshot(site, log)
				assert found["taken_by"] == "Schedule"
				assert found["status"] not in ("Running", "Failed")
	finally:
		import json

		for site, before in changed.items():
			site.python(UNDO, json.dumps(before))


def wait_for_snapshot(site: BenchSite, log: Path, seconds: float = 240) -> list[dict[str, str]]:
	"""Wait until the schedule's snapshot is there: the scheduler looks once a minute, or every few."""
	ends = time.monotonic() + seconds
	while time.monotonic() < ends:
		found: list[dict[str, str]] = site.python(FOUND)
		if found:
			return found
		time.sleep(3)
	raise AssertionError(f"No snapshot of {site} within {seconds} s.\n{log.read_text()[-3000:]}")
