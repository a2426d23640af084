"""The steps of a run that are no actions: checks, waits, approvals, and what is done by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from recovery_console.core.approval import RefusedError
from recovery_console.core.engine import Engine
from recovery_console.core.people import MANAGER, Actor
from recovery_console.core.registry import all_checks
from recovery_console.core.run import Run, RunState
from recovery_console.core.runbook_file import read_runbook
from tests.support.repairs import APPROVER, REQUESTER, engine
from tests.support.sample import SampleSite

CHECK = "scheduler.enabled"
HEAD = 'title = "Bake"\nsummary = "Bake."\notherwise = "buy-bread"\n'


@pytest.fixture
def off(site: SampleSite) -> Iterator[SampleSite]:
	"""A site whose scheduler is switched off, which a check finds."""
	site.set_single("System Settings", enable_scheduler=0)
	yield site
	site.bench.restore()


def on(site: SampleSite) -> None:
	site.set_single("System Settings", enable_scheduler=1)


def begin(site: SampleSite, steps: str) -> tuple[Engine, Run]:
	works = engine(site)
	runbook = read_runbook("bake", HEAD + steps, works.actions, all_checks())
	return works, works.create(runbook, {}, REQUESTER, "bread")


def advanced(works: Engine, run: Run, times: int = 3) -> Run:
	for _ in range(times):
		run = works.advance(run.id, REQUESTER)
	return run


@pytest.mark.parametrize(
	("expect", "healthy", "state"),
	[
		("ok", True, RunState.SUCCEEDED),
		("ok", False, RunState.FAILED),
		("finding", False, RunState.SUCCEEDED),
		("finding", True, RunState.ABANDONED),
		("known", True, RunState.SUCCEEDED),
		("known", False, RunState.SUCCEEDED),
	],
)
def test_a_check_decides_whether_a_run_goes_on(
	off: SampleSite, expect: str, healthy: bool, state: RunState
) -> None:
	if healthy:
		on(off)
	works, run = begin(off, f'[[steps]]\ncheck = "{CHECK}"\nexpect = "{expect}"\n')
	run = advanced(works, run)
	assert run.state is state, run.said
	assert ("buy-bread" in run.said) is (state is RunState.FAILED)
	assert ("nothing to repair" in run.said) is (state is RunState.ABANDONED)


def test_a_wait_looks_again_until_its_limit(off: SampleSite) -> None:
	works, run = begin(off, f'[[steps]]\nwait = "{CHECK}"\nlimit = "5 min"\n')
	run = advanced(works, run)
	assert (run.state, run.said.startswith("Waiting: ")) == (RunState.RUNNING, True)
	assert run.next_attempt is not None
	on(off)
	works.pause(run.id, REQUESTER)
	works.resume(run.id, REQUESTER)
	assert advanced(works, run).state is RunState.SUCCEEDED
	off.set_single("System Settings", enable_scheduler=0)
	works, run = begin(off, f'[[steps]]\nwait = "{CHECK}"\nlimit = "0 s"\n')
	run = advanced(works, run)
	works.pause(run.id, REQUESTER)
	works.resume(run.id, REQUESTER)
	run = advanced(works, run)
	assert (run.state, "Not within" in run.said) == (RunState.FAILED, True)


def test_what_is_done_by_hand_is_confirmed_and_proven(off: SampleSite) -> None:
	works, run = begin(off, f'[[steps]]\nmanual = "Switch it on."\ntitle = "Switch"\ncheck = "{CHECK}"\n')
	run = advanced(works, run)
	assert (run.state, run.said) == (RunState.PAUSED, "To be done by hand: Switch")
	with pytest.raises(RefusedError, match="may not change runs"):
		works.confirm(run.id, Actor("nobody"), "done")
	run = works.confirm(run.id, REQUESTER, "done")
	assert (run.state, run.said.startswith("Not yet: ")) == (RunState.PAUSED, True)
	on(off)
	run = works.confirm(run.id, REQUESTER, "really")
	assert run.steps[0].said == f"Done by {REQUESTER.name}. really"
	assert advanced(works, run).state is RunState.SUCCEEDED
	with pytest.raises(RefusedError, match="waits for no manual step"):
		works.confirm(run.id, REQUESTER, "again")


def test_a_step_that_asks_waits_for_a_second_person(off: SampleSite) -> None:
	steps = '[[steps]]\napproval = "Recovery Manager"\nsecond_person = true\n[[steps]]\nmanual = "Go."\n'
	works, run = begin(off, f'[[steps]]\ncheck = "{CHECK}"\nexpect = "known"\n{steps}')
	assert run.state is RunState.AWAITING_APPROVAL
	assert works.advance(run.id, REQUESTER) == run, "it waits"
	me = Actor(REQUESTER.name, frozenset({MANAGER}))
	with pytest.raises(RefusedError, match="second person"):
		works.approve(run.id, me, "because")
	run = works.approve(run.id, APPROVER, "because")
	run = advanced(works, run)
	assert [step.said for step in run.steps][1] == "Approved."
	assert run.state is RunState.PAUSED
