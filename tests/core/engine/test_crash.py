"""A run that is killed at any boundary is taken up again: nothing lost, nothing done twice."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable

import pytest

from recovery_console.core.edits import Act, Edit, ListEdit, RowEdit
from recovery_console.core.engine import Engine, needs_frappe
from recovery_console.core.making import State, state_of
from recovery_console.core.run import Run, RunState
from recovery_console.core.writable import open_writable
from tests.conftest import USUAL_FRAPPE, Samples
from tests.faults import all_faults
from tests.faults.footprint import Footprint, expect_same, take, unplanned
from tests.support.forks import children
from tests.support.repairs import APPROVER, REQUESTER, engine, start, to_the_end
from tests.support.sample import SampleSite

#: One fault per runbook: rows, sessions, settings, Redis keys, configuration, files.
RUNBOOKS = 20
#: These change nothing, or are over before the first change.
_BEFORE = ("step", "journal created", "journal planned", "journal approved", "journal state", "journal ended")


def chosen() -> list[str]:
	"""Return faults whose runbooks differ and whose changes the console makes itself, in all families in turn."""
	by_family: dict[str, list[str]] = {}
	seen: set[str] = set()
	for fault_id, fault in sorted(all_faults().items()):
		if fault.runbook in seen or not fault.runbook or fault.blinds:
			continue
		if "sqlite" in fault.databases and 16 in fault.frappe:
			seen.add(fault.runbook)
			by_family.setdefault(fault_id.partition(".")[0], []).append(fault_id)
	found: list[str] = []
	while any(by_family.values()):
		for ids in by_family.values():
			if ids:
				found.append(ids.pop(0))
	return found


def broken(samples: Samples, fault_id: str, database: str) -> SampleSite:
	site = samples.site(database, USUAL_FRAPPE[database])
	all_faults()[fault_id].breaks(site)
	return site


def in_child(work: Callable[[], object]) -> int:
	"""Do something in a process of its own and return how that ended: its exit status, or minus its signal."""
	child = os.fork()
	if child == 0:
		try:
			work()
			os._exit(0)
		except BaseException:  # noqa: BLE001 (a child ends here, whatever happens)
			traceback.print_exc(file=sys.__stderr__)
			os._exit(1)
	return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(site: SampleSite, run_id: str, boundary: int, *, undo: bool = False) -> int:
	"""Let a run go on in a child that is killed at its n-th boundary."""
	count = 0

	def on_boundary(_name: str) -> None:
		nonlocal count
		count += 1
		if count == boundary:
			os.kill(os.getpid(), signal.SIGKILL)

	def work() -> None:
		works = engine(site, on_boundary=on_boundary)
		run = works.undo(run_id, APPROVER) if undo else works.journal.load(run_id)
		to_the_end(works, run, site)

	return in_child(work)


def boundaries(site: SampleSite, go: Callable[[Engine], object]) -> list[str]:
	names: list[str] = []
	go(engine(site, on_boundary=names.append))
	return names


def planned(site: SampleSite, fault_id: str) -> Run:
	"""Return a run that is about to change something that the console changes itself."""
	fault = all_faults()[fault_id]
	run = start(engine(site), fault.runbook, fault.given, site)
	if needs_frappe(run) or not run.planned or has_acts(run) or any(step.step.late for step in run.steps):
		pytest.skip("its changes are not the console's own to make here")
	return run


def has_acts(run: Run) -> bool:
	return any(isinstance(edit, Act) for _number, plan in run.plans for edit in plan.edits)


@pytest.mark.parametrize("fault_id", chosen()[: RUNBOOKS + 12])
def test_a_run_killed_at_any_boundary_is_taken_up_again(fault_id: str, samples: Samples) -> None:
	site = broken(samples, fault_id, "sqlite")
	run = planned(site, fault_id)
	names = boundaries(site, lambda works: to_the_end(works, run, site))
	for number, name in enumerate(names, 1):
		if name in _BEFORE:
			continue
		site = broken(samples, fault_id, "sqlite")
		begun = planned(site, fault_id)
		before = take(site, tables_of(begun))
		assert killed_at(site, begun.id, number) == -signal.SIGKILL, name
		works = engine(site)
		done = to_the_end(works, works.journal.load(begun.id), site)
		assert done.state is RunState.SUCCEEDED, (name, done.said, done.left)
		expect_made_once(site, done, before, name)
	samples.site("sqlite").bench.restore()


def tables_of(run: Run) -> set[str]:
	return {edit.table for edit in edits_of(run) if isinstance(edit, RowEdit)}


def edits_of(run: Run) -> list[Edit]:
	return [edit for _number, plan in run.plans for edit in plan.edits]


def expect_made_once(site: SampleSite, run: Run, before: Footprint, name: str) -> None:
	"""Everything planned is there, once, and nothing else changed; where it can be taken back nothing is left."""
	now = site.bench.now
	edits = edits_of(run)
	with open_writable(site.bench.folder, site.name, clock=lambda: now) as opened:
		states = {state_of(opened, edit) for edit in edits}
	assert states == {State.AFTER}, f"killed at “{name}”: {states}"
	for edit in edits:
		if isinstance(edit, ListEdit):
			client = site.cache if edit.server == "cache" else site.queue
			assert client.lrange(edit.key, 0, -1).count(edit.element) == int(edit.after), name
	assert unplanned(before, take(site, tables_of(run)), edits, site) == [], name
	if run.reversible:
		works = engine(site)
		undone = to_the_end(works, works.undo(run.id, APPROVER), site)
		assert undone.state is RunState.UNDONE, (name, undone.said)
		expect_same(before, take(site, tables_of(run)))


@pytest.mark.parametrize("database", ["sqlite", "mariadb", "postgres"])
def test_an_undo_killed_at_any_boundary_is_taken_up_again(
	database: str, samples: Samples, pytestconfig: pytest.Config
) -> None:
	if database not in pytestconfig.getoption("--databases").split(","):
		pytest.skip(f"{database} was left out with --databases")
	fault_id = "email.stuck_in_sending_many"
	fault = all_faults()[fault_id]
	site = broken(samples, fault_id, database)
	before = take(site, set())
	works = engine(site)
	run = to_the_end(works, start(works, fault.runbook, fault.given, site), site)
	names = boundaries(site, lambda works: to_the_end(works, works.undo(run.id, APPROVER), site))
	points = {name: number for number, name in enumerate(names, 1)}  # the last of each kind
	for name, number in points.items():
		site = broken(samples, fault_id, database)
		before = take(site, set())
		works = engine(site)
		run = to_the_end(works, start(works, fault.runbook, fault.given, site), site)
		assert killed_at(site, run.id, number, undo=True) == -signal.SIGKILL
		run = to_the_end(works, works.journal.load(run.id), site)
		assert run.state is RunState.UNDONE, (name, run.said)
		expect_same(before, take(site, set()))
	samples.site(database).bench.restore()


def test_two_people_pressing_at_once_make_each_change_once(samples: Samples) -> None:
	fault_id = "email.stuck_in_sending_many"
	site = broken(samples, fault_id, "sqlite")
	run = planned(site, fault_id)
	before = take(site, tables_of(run))

	def press() -> None:
		from recovery_console.core.journal import LockedError

		works = engine(site)
		for _ in range(200):
			found = works.journal.load(run.id)
			if not found.state.moves:
				return
			try:
				works.advance(run.id, REQUESTER)
			except LockedError:
				os.sched_yield()

	assert children(press, press, press) == [0, 0, 0]
	works = engine(site)
	found = to_the_end(works, works.journal.load(run.id), site)
	assert found.state is RunState.SUCCEEDED, found.said
	made = [entry for entry in works.journal.entries(run.id) if entry.kind.value == "made"]
	assert sum(len(entry.data["outcomes"]) for entry in made) == found.planned
	expect_made_once(site, found, before, "three at once")
	site.bench.restore()
