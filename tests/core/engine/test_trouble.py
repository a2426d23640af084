"""A run whose ground gives way: the database cut, Redis restarted, the disk full, a person who says stop."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from recovery_console.core.approval import RefusedError
from recovery_console.core.engine import Engine
from recovery_console.core.errors import ConsoleError, OutputError
from recovery_console.core.file_journal import FileJournal
from recovery_console.core.run import EntryKind, Run, RunState
from recovery_console.core.runs import STOP
from tests.conftest import Samples
from tests.faults import all_faults
from tests.faults.footprint import take, unplanned
from tests.support.repairs import APPROVER, REQUESTER, engine, start, to_the_end
from tests.support.sample import SampleSite

MAILS = "email.stuck_in_sending_many"
JOBS = "jobs.jobs_deadlocked"


def begin(site: SampleSite, fault_id: str = MAILS, **options: object) -> tuple[Engine, Run]:
	fault = all_faults()[fault_id]
	fault.breaks(site)
	works = engine(site, **options)  # type: ignore[arg-type]
	return works, start(works, fault.runbook, fault.given, site)


def until(works: Engine, run: Run, kind: EntryKind) -> Run:
	"""Let a run go on until its journal holds an entry of a kind."""
	while all(entry.kind is not kind for entry in works.journal.entries(run.id)):
		run = works.advance(run.id, REQUESTER)
	return run


class TestDatabase:
	def test_a_cut_connection_is_tried_again_later(self, samples: Samples) -> None:
		site = samples.site("mariadb")
		cut: list[int] = []

		def on_boundary(name: str) -> None:
			if name == "making" and not cut:
				cut.append(1)
				samples.services["mariadb"].stop()

		works, run = begin(site, on_boundary=on_boundary)
		try:
			for _step in range(6):
				run = works.advance(run.id, REQUESTER)
				if run.next_attempt:
					break
		finally:
			samples.services["mariadb"].start()
		assert run.state is RunState.RUNNING
		assert run.next_attempt is not None, run.said
		assert works.advance(run.id, REQUESTER) == run, "it does not wait"
		run = to_the_end(engine(site), due(works, run), site)
		assert run.state is RunState.SUCCEEDED, run.said


def due(works: Engine, run: Run) -> Run:
	"""Let the time of a run's next attempt come: a person resumes it."""
	works.pause(run.id, REQUESTER)
	return works.resume(run.id, REQUESTER)


class TestRedis:
	def test_a_queue_that_was_restarted_is_tried_again(self, samples: Samples) -> None:
		site = samples.site("sqlite")
		queue = samples.services["redis-queue"]
		down: list[int] = []

		def on_boundary(name: str) -> None:
			if name == "making" and not down:
				down.append(1)
				queue.stop()

		works, run = begin(site, JOBS, on_boundary=on_boundary)
		try:
			for _step in range(6):
				run = works.advance(run.id, REQUESTER)
				if run.next_attempt:
					break
			assert run.next_attempt is not None, (run.state, run.said)
		finally:
			site.bench.restore()
		assert run.state is RunState.RUNNING
		assert not run.made, "what could not be reached counts as made"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
	folder = tmp_path / "small"
	folder.mkdir()
	made = subprocess.run(
		["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True, check=False
	)
	if made.returncode:
		pytest.skip("a small file system cannot be mounted here")
	yield folder
	subprocess.run(["umount", str(folder)], check=True)


def fill_up(path: Path) -> None:
	descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
	try:
		with contextlib.suppress(OSError):
			while True:
				os.write(descriptor, b"x" * 64)
	finally:
		os.close(descriptor)


class TestFullDisk:
	def test_without_room_for_the_journal_nothing_is_changed_that_it_does_not_hold(
		self, samples: Samples, small_disk: Path
	) -> None:
		site = samples.site("sqlite")
		works, run = begin(site)
		journal = FileJournal(small_disk)
		journal.folder.mkdir(parents=True)
		for entry in works.journal.entries(run.id):
			copy = journal.append(run.id, entry.kind, entry.data, entry.actor)
			assert copy.number == entry.number
		before = take(site, {"tabEmail Queue", "tabEmail Queue Recipient"})
		filler = small_disk / "filler"
		fill_up(filler)
		full = replace(works, journal=journal)
		with pytest.raises(OutputError, match="No space"):
			to_the_end(full, run, site)
		edits = [edit for _number, plan in run.plans for edit in plan.edits]
		assert unplanned(before, take(site, set(before.rows)), edits, site) == []
		filler.unlink()
		assert to_the_end(full, journal.load(run.id), site).state is RunState.SUCCEEDED


class TestPeople:
	def test_a_pause_takes_effect_before_the_next_batch(self, samples: Samples) -> None:
		site = samples.site("sqlite")
		paused: list[int] = []

		def on_boundary(name: str) -> None:
			if name == "made" and not paused:
				paused.append(1)
				engine(site).pause(run.id, APPROVER, "too early")

		works, run = begin(site, on_boundary=on_boundary)
		small = {name: smaller(kind) for name, kind in works.actions.items() if name == "email.release_stuck"}
		works = replace(works, actions={**works.actions, **small})
		run = to_the_end(works, run, site)
		assert run.state is RunState.PAUSED
		assert 0 < run.made < run.planned
		run = works.resume(run.id, APPROVER)
		assert to_the_end(works, run, site).state is RunState.SUCCEEDED

	def test_the_stop_file_stops_every_repair(self, samples: Samples) -> None:
		site = samples.site("sqlite")
		works, run = begin(site)
		stop = site.path / STOP
		stop.write_text("")
		before = site.checksums()
		run = to_the_end(works, run, site)
		assert run.state is RunState.PAUSED
		assert str(stop) in run.said
		with pytest.raises(RefusedError, match="switched off"):
			works.create(works.runbooks["release-stuck-emails"], {}, REQUESTER)
		assert site.checksums() == before
		stop.unlink()

	def test_what_somebody_else_changed_since_is_left_alone(self, samples: Samples) -> None:
		site = samples.site("sqlite")
		works, run = begin(site)
		name = next(iter(run.plans))[1].batches[0].subject.name
		site.update("Email Queue", name, status="Sent")
		run = to_the_end(works, run, site)
		assert site.value("Email Queue", name, "status") == "Sent"
		assert any("somebody else" in outcome.detail for step in run.steps for outcome in step.bad.values())
		assert run.made == run.planned - 1

	def test_an_approval_does_not_hold_for_another_plan(self, samples: Samples) -> None:
		site = samples.site("sqlite")
		works, run = begin(site)
		digest = run.approvals[-1].digest
		assert digest == run.digest
		works.cancel(run.id, REQUESTER)
		site.delete("Email Queue", next(iter(run.plans))[1].batches[0].subject.name)
		other = start(works, run.runbook, {}, site)
		assert other.digest != digest

	def test_a_journal_that_was_changed_is_not_believed(self, samples: Samples) -> None:
		site = samples.site("sqlite")
		works, run = begin(site)
		path = Path(works.journal.place) / f"{run.id}.jsonl"
		path.write_text(path.read_text().replace("a test", "a trick"))
		with pytest.raises(ConsoleError, match="was changed"):
			works.advance(run.id, REQUESTER)

	def test_half_a_line_of_a_crash_is_cut_off(self, samples: Samples) -> None:
		site = samples.site("sqlite")
		works, run = begin(site)
		path = Path(works.journal.place) / f"{run.id}.jsonl"
		with path.open("ab") as file:
			file.write(b'{"number": 9, "at": "2026-')
		assert to_the_end(works, works.journal.load(run.id), site).state is RunState.SUCCEEDED
		assert (os.stat(path).st_mode & 0o777) == 0o600


def smaller(kind: type) -> type:
	"""Return an action that makes one batch at a time."""
	return type(kind.__name__, (kind,), {"__module__": kind.__module__, "batch_size": 1})


def test_an_undo_that_failed_goes_on_as_one(samples: Samples) -> None:
	site = samples.site("sqlite")
	works, run = begin(site)
	run = to_the_end(works, run, site)
	assert run.state is RunState.SUCCEEDED
	name = next(iter(run.plans))[1].batches[0].subject.name
	status = site.value("Email Queue", name, "status")
	site.update("Email Queue", name, status="Sent")
	run = to_the_end(works, works.undo(run.id, APPROVER), site)
	assert run.state is RunState.FAILED
	assert run.undoing
	site.update("Email Queue", name, status=status)
	run = to_the_end(works, works.resume(run.id, APPROVER), site)
	assert run.state is RunState.UNDONE, run.said
	assert site.value("Email Queue", name, "status") == "Sending"
