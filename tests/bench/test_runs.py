"""Runs on a real bench: by jobs of a real worker, with the worker killed, without workers, without Redis."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bench.benches import BenchSite, break_glass, running

STUCK = """
names = []
old = frappe.utils.add_to_date(None, hours=-30)
for number in range(int(args[0])):
	mail = frappe.new_doc("Email Queue")
	mail.update({"sender": "a@example.org", "message": "x", "status": "Sending", "priority": 1})
	mail.append("recipients", {"recipient": f"b{number}@example.org", "status": "Not Sent"})
	mail.insert(ignore_permissions=True)
	for doctype, filters in (("Email Queue", mail.name), ("Email Queue Recipient", {"parent": mail.name})):
		frappe.db.set_value(doctype, filters, {"modified": old, "creation": old}, update_modified=False)
	names.append(mail.name)
frappe.db.commit()
print(json.dumps(names))
"""
FORGET = """
for name in json.loads(args[0]):
	frappe.delete_doc("Email Queue", name, force=True, ignore_missing=True)
for run in frappe.get_all("Runbook Run", pluck="name"):
	frappe.db.delete("Runbook Run Step", {"parent": run})
	frappe.db.delete("Runbook Run Entry", {"run": run})
	frappe.db.delete("Runbook Run", {"name": run})
frappe.db.delete("Recovery Lock")
frappe.db.commit()
"""
START = """
from recovery_console import api
run = api.start_run("release-stuck-emails", {"names": json.loads(args[0]), "unclear": "send"}, "a test")
run = api.approve_run(run["id"], "a test")
print(json.dumps(run["id"]))
"""
STATE = 'print(json.dumps(frappe.db.get_value("Runbook Run", args[0], ["state", "made", "said"])))'
STATUSES = """
print(json.dumps(frappe.get_all("Email Queue", {"name": ("in", json.loads(args[0]))}, pluck="status")))
"""


@pytest.fixture
def mails(installed: BenchSite) -> Iterator[list[str]]:
	"""Mails that a killed sender left behind on a real site."""
	names = installed.python(STUCK, "4")
	yield names
	installed.python(FORGET, json.dumps(names))


def wait_for(look: Callable[[], Any], what: str, seconds: float = 90) -> Any:
	ends = time.monotonic() + seconds
	while time.monotonic() < ends:
		if found := look():
			return found
		time.sleep(0.3)
	raise AssertionError(f"it did not come about that {what}")


def test_a_real_worker_brings_a_run_to_its_end(
	installed: BenchSite, mails: list[str], tmp_path: Path
) -> None:
	with running(installed.bench, [["worker", "--queue", "long"]], tmp_path / "worker.log"):
		run = installed.python(START, json.dumps(mails))
		wait_for(lambda: installed.python(STATE, run)[0] == "Succeeded", "the run succeeded")
	assert installed.python(STATUSES, json.dumps(mails)) == ["Not Sent"] * 4


def test_what_desk_began_break_glass_finishes_and_takes_back(installed: BenchSite, mails: list[str]) -> None:
	run = installed.python(START, json.dumps(mails))  # no worker takes its job
	done = break_glass(installed, "resume", run, "--format", "json")
	assert done.returncode == 0, done.stderr
	assert json.loads(done.stdout)["state"] == "Succeeded"
	assert installed.python(STATE, run)[0] == "Succeeded"
	assert installed.python(STATUSES, json.dumps(mails)) == ["Not Sent"] * 4
	done = installed.run("recovery", "undo", run, "--yes", "--format", "json")
	assert json.loads(done.stdout)["state"] == "Undone"
	assert installed.python(STATUSES, json.dumps(mails)) == ["Sending"] * 4


KILLED = """
import os, signal
from dataclasses import replace
from recovery_console.in_site import runs
works = runs.engine()
def boundary(name):
	if name == args[1]:
		os.kill(os.getpid(), signal.SIGKILL)
works = replace(works, on_boundary=boundary)
run = works.journal.load(args[0])
while run.state.moves:
	run = works.advance(args[0], runs.actor())
"""


def kill_at(site: BenchSite, run: str, boundary: str) -> None:
	"""Let a process go on with a run until it kills itself at a boundary."""
	worker = site.start(KILLED, run, boundary)
	worker.communicate(timeout=120)
	assert worker.returncode == -9


@pytest.mark.parametrize("boundary", ["making", "batch", "journal made", "journal ended"])
def test_a_worker_that_is_killed_loses_nothing(installed: BenchSite, mails: list[str], boundary: str) -> None:
	run = installed.python(START, json.dumps(mails))
	kill_at(installed, run, boundary)
	done = installed.run("recovery", "resume", run, "--format", "json", check=False)
	assert done.returncode == 0, done.stderr
	assert json.loads(done.stdout)["state"] == "Succeeded"
	assert installed.python(STATUSES, json.dumps(mails)) == ["Not Sent"] * 4


def test_the_sweeper_gives_a_lost_run_to_another_worker(
	installed: BenchSite, mails: list[str], tmp_path: Path
) -> None:
	run = installed.python(START, json.dumps(mails))
	kill_at(installed, run, "making")
	installed.python(
		'frappe.db.set_value("Runbook Run", args[0], "heartbeat",'
		" frappe.utils.add_to_date(None, hours=-1), update_modified=False)\nfrappe.db.commit()",
		run,
	)
	with running(installed.bench, [["worker", "--queue", "long"]], tmp_path / "worker.log"):
		installed.python("from recovery_console.in_site import runs\nruns.sweep()")
		wait_for(lambda: installed.python(STATE, run)[0] == "Succeeded", "the run succeeded")


def test_runs_beside_the_site_are_adopted_once(installed: BenchSite, mails: list[str]) -> None:
	code = """
from recovery_console.core.file_journal import FileJournal
from recovery_console.core.people import shell_actor
from recovery_console.in_site import open_site, runs
from dataclasses import replace
works = runs.engine()
with open_site() as site:
	works = replace(works, journal=FileJournal(site.path))
me = shell_actor()
run = works.create(works.runbooks["release-stuck-emails"], {"names": json.loads(args[0])}, me, "a test")
run = works.approve(run.id, me, "a test")
while run.state.moves:
	run = works.advance(run.id, me)
print(json.dumps([run.id, run.state.value]))
"""
	run, state = installed.python(code, json.dumps(mails))
	assert state == "Succeeded"
	assert run in installed.run("recovery", "adopt").stdout
	entries = 'print(json.dumps(frappe.db.count("Runbook Run Entry", {"run": args[0]})))'
	count = installed.python(entries, run)
	assert count > 5
	assert run not in installed.run("recovery", "adopt").stdout
	assert installed.python(entries, run) == count
	assert installed.python(STATE, run)[0] == "Succeeded"
