"""Following a diagnosis from beside the site: across processes, and when its process dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from recovery_console.core import live
from recovery_console.core.times import UTC

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
CHECK = {"id": "jobs.workers", "status": "critical", "findings": []}
#: Begins a diagnosis, says so, and waits to be killed.
DIES = f"""
import sys
from datetime import datetime
from pathlib import Path
from recovery_console.core import live
with live.begin(Path(sys.argv[1]), by="a@example.org", now=datetime.fromisoformat({NOW.isoformat()!r})) as writes:
	writes.add({CHECK!r}, 1, 3)
	print("begun", flush=True)
	sys.stdin.read()
"""


def test_where_nobody_has_looked_there_is_nothing_to_follow(tmp_path: Path) -> None:
	assert live.follow(tmp_path) == live.Seen()


def test_each_answer_is_told_once(tmp_path: Path) -> None:
	with live.begin(tmp_path, by="a@example.org", now=NOW) as writes:
		assert writes is not None
		writes.add(CHECK, 1, 3)
		first = live.follow(tmp_path)
		assert (first.is_running, first.done, first.total, first.by) == (True, 1, 3, "a@example.org")
		assert [check["id"] for check in first.checks] == ["jobs.workers"]
		again = live.follow(tmp_path, of=first.id, after=first.after)
		assert again.checks == ()
		writes.add({**CHECK, "id": "jobs.redis"}, 2, 3)
		second = live.follow(tmp_path, of=first.id, after=again.after)
		assert [check["id"] for check in second.checks] == ["jobs.redis"]


def test_who_followed_another_diagnosis_begins_anew(tmp_path: Path) -> None:
	with live.begin(tmp_path, by="a@example.org", now=NOW) as writes:
		assert writes is not None
		writes.add(CHECK, 1, 3)
		assert len(live.follow(tmp_path, of="another", after=100_000).checks) == 1


def test_its_end_is_told_to_everybody_and_nothing_else_is_kept(tmp_path: Path) -> None:
	with live.begin(tmp_path, by="a@example.org", now=NOW) as writes:
		assert writes is not None
		for number in range(50):
			writes.add({**CHECK, "title": "ä" * 100}, number + 1, 50)
		seen = live.follow(tmp_path)
		writes.end(snapshot="HS-1")
	for after in (0, seen.after):
		ended = live.follow(tmp_path, of=seen.id, after=after)
		assert (ended.is_running, ended.snapshot, ended.checks) == (False, "HS-1", ())
	assert "jobs.workers" not in (tmp_path / live.FILE).read_text()


def test_an_error_is_told(tmp_path: Path) -> None:
	with live.begin(tmp_path, by="a@example.org", now=NOW) as writes:
		assert writes is not None
		writes.end(error="The disk is full.")
	assert live.follow(tmp_path).error == "The disk is full."


def test_one_whose_process_was_killed_does_not_go_on(tmp_path: Path) -> None:
	process = subprocess.Popen(
		[sys.executable, "-c", DIES, str(tmp_path)],
		stdin=subprocess.PIPE,
		stdout=subprocess.PIPE,
		text=True,
	)
	assert process.stdout is not None
	assert process.stdin is not None
	assert process.stdout.readline() == "begun\n"
	assert live.follow(tmp_path).is_running
	os.kill(process.pid, signal.SIGKILL)
	process.wait()
	process.stdin.close()
	process.stdout.close()
	seen = live.follow(tmp_path)
	assert not seen.is_running
	assert seen.snapshot == ""


def test_only_one_writes(tmp_path: Path) -> None:
	with live.begin(tmp_path, by="a", now=NOW) as first, live.begin(tmp_path, by="b", now=NOW) as second:
		assert first is not None
		assert second is None
	with live.begin(tmp_path, by="c", now=NOW) as third:
		assert third is not None
	assert live.follow(tmp_path).by == "c"


def test_half_a_line_is_left_for_later(tmp_path: Path) -> None:
	with live.begin(tmp_path, by="a", now=NOW) as writes:
		assert writes is not None
		writes.add(CHECK, 1, 2)
		with (tmp_path / live.FILE).open("a") as file:
			file.write('{"check": {"id": "half')
		seen = live.follow(tmp_path)
		assert len(seen.checks) == 1
		assert live.follow(tmp_path, of=seen.id, after=seen.after).checks == ()


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
	with live.begin(tmp_path, by="a", now=NOW):
		pass
	assert (tmp_path / live.FILE).stat().st_mode & 0o777 == 0o600


def test_where_it_cannot_be_written_the_diagnosis_goes_on(tmp_path: Path) -> None:
	(tmp_path / "private").write_text("a file where a folder should be")
	with live.begin(tmp_path, by="a", now=NOW) as writes:
		assert writes is None
	assert live.follow(tmp_path) == live.Seen()
