"""The sweeper on a real bench: two of them at once act once, on MariaDB and on SQLite, and a restart loses nothing."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bench.benches import BenchSite, result

#: A moment far from now: nothing else on the site is due at it, and what is opened there is due for nobody else.
NOON = "2031-03-05T12:00:00+00:00"
INCIDENTS = 6
OPEN = """
from datetime import datetime
from recovery_console.in_site import incident_actions
at = datetime.fromisoformat(args[0])
names = [
	incident_actions.open_by_hand(
		f"Swept by two {number} {frappe.generate_hash(length=8)}", severity="S1", actor="Administrator", now=at
	)
	for number in range(int(args[1]))
]
frappe.db.commit()
print(json.dumps(names))
"""
#: Reads what is due, says so, waits for the word to begin, and sweeps: every process has read before one writes.
SWEEP = """
from datetime import datetime, timedelta
from recovery_console.in_site import sweeping
at = datetime.fromisoformat(args[0]) + timedelta(minutes=int(args[1]))
names = json.loads(args[2])
rows = sweeping.past_due(at, names)
print("ready", len(rows), flush=True)
sys.stdin.readline()
for row in rows:
	sweeping.sweep_one(row, at)
print(json.dumps(len(rows)))
"""
SWEEP_ALONE = """
from datetime import datetime, timedelta
from recovery_console.in_site import sweeping
sweeping.due(datetime.fromisoformat(args[0]) + timedelta(minutes=int(args[1])), only=json.loads(args[2]))
"""
STORY = """
from recovery_console.core.timeline import first_broken
from recovery_console.in_site import timeline
found = []
for name in json.loads(args[0]):
	lines = timeline.read(name)
	found.append({
		"lines": [[line.event, line.at.isoformat()] for line in lines],
		"broken": first_broken(name, lines),
		"tier": frappe.db.get_value("Incident", name, "escalation_tier"),
		"told": frappe.get_all("Recovery Notice", {"incident": name}, ["kind", "channel_kind", "channel", "address"]),
	})
print(json.dumps(found, default=str))
"""
FORGET = """
for name in json.loads(args[0]):
	frappe.db.delete("Incident Event", {"incident": name})
	frappe.db.delete("Recovery Notice", {"incident": name})
	frappe.db.delete("Incident", {"name": name})
frappe.db.commit()
"""


@pytest.fixture
def incidents(installed: BenchSite) -> Iterator[list[str]]:
	"""Incidents that were opened at noon."""
	names = installed.python(OPEN, NOON, str(INCIDENTS))
	yield names
	installed.python(FORGET, json.dumps(names))


def story(site: BenchSite, names: list[str]) -> list[dict[str, Any]]:
	found: list[dict[str, Any]] = site.python(STORY, json.dumps(names))
	return found


def times(incident: dict[str, Any], event: str) -> list[str]:
	return [at for kind, at in incident["lines"] if kind == event]


def test_two_sweepers_at_once_act_once(installed: BenchSite, incidents: list[str]) -> None:
	sweepers = [
		installed.start(SWEEP, NOON, "16", json.dumps(incidents), stdin=subprocess.PIPE)
		for _number in range(2)
	]
	for sweeper in sweepers:
		assert sweeper.stdout is not None
		while (said := sweeper.stdout.readline()) and not said.startswith("ready"):
			pass
		assert said.split() == ["ready", str(INCIDENTS)], sweeper.stderr.read() if sweeper.stderr else ""
	for sweeper in sweepers:
		assert sweeper.stdin is not None
		sweeper.stdin.write("go\n")
		sweeper.stdin.flush()
	assert [result(sweeper) for sweeper in sweepers] == [INCIDENTS] * 2
	for incident in story(installed, incidents):
		assert times(incident, "Breached") == ["2031-03-05T12:15:00+00:00"]
		assert times(incident, "Escalated") == ["2031-03-05T12:16:00+00:00"]
		assert incident["broken"] is None
		assert incident["tier"] == 2
		told = [tuple(notice.values()) for notice in incident["told"]]
		assert told
		assert len(told) == len(set(told)), "somebody was told twice"


def test_a_restart_of_the_scheduler_loses_nothing_and_calls_nobody_twice(
	installed: BenchSite, incidents: list[str]
) -> None:
	"""Each sweep is a process of its own, and between two of them nothing is kept but the documents."""
	for minutes in ("0", "0", "200", "200"):
		installed.python(SWEEP_ALONE, NOON, minutes, json.dumps(incidents))
	for incident in story(installed, incidents):
		assert times(incident, "Breached") == ["2031-03-05T12:15:00+00:00"]
		assert times(incident, "Escalated") == ["2031-03-05T12:00:00+00:00", "2031-03-05T15:20:00+00:00"]
		assert incident["tier"] == 4


def test_a_sweeper_that_is_killed_in_the_middle_leaves_the_rest_to_the_next(
	installed: BenchSite, incidents: list[str], tmp_path: Path
) -> None:
	"""It dies after it wrote a breach and before it committed: the breach is found again, once."""
	mark = tmp_path / "reached"
	dies = (
		"""
import os
from recovery_console.in_site import calls
kept, calls_made = calls.make, []
def make(*given):
	kept(*given)
	calls_made.append(given)
	if len(calls_made) == 3:
		open(args[3], "w").close()
		os.kill(os.getpid(), 9)
calls.make = make
"""
		+ SWEEP_ALONE
	)
	process = installed.start(dies, NOON, "16", json.dumps(incidents), str(mark))
	process.communicate(timeout=120)
	assert process.returncode == -9
	assert mark.exists()
	told = [bool(times(incident, "Breached")) for incident in story(installed, incidents)]
	assert sorted(told) == [False] * (INCIDENTS - 2) + [True] * 2
	installed.python(SWEEP_ALONE, NOON, "17", json.dumps(incidents))
	for incident in story(installed, incidents):
		assert times(incident, "Breached") == ["2031-03-05T12:15:00+00:00"]
		assert len(times(incident, "Escalated")) == 1
