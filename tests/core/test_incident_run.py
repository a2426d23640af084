"""What a run does to the incidents of its findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from recovery_console.core.incident import IncidentStatus
from recovery_console.core.incident_run import Effect, concerns, effect, found_before
from recovery_console.core.people import SCHEDULER
from recovery_console.core.run import Run, RunState
from tests.core.test_run import Told, action, plan

S = IncidentStatus
OPEN = [status for status in S if status.is_open]


def run(state: RunState, *, by: str = "anna", left: tuple[str, ...] = (), planned: bool = True) -> Run:
	told = Told(action(), by=by)
	found = told.planned(0, plan()).run if planned else told.run
	return replace(found, state=state, left=left, said="Done.")


def test_it_is_about_the_findings_for_which_it_was_made() -> None:
	before = {"a.check": {"findings": {"a.check:1": {}, "a.check:2": {}}}, "b.check": {"findings": {}}}
	assert found_before(replace(run(RunState.RUNNING), before=before)) == {"a.check:1", "a.check:2"}


@pytest.mark.parametrize("state", [RunState.RUNNING, RunState.VERIFYING, RunState.PAUSED, RunState.FAILED])
@pytest.mark.parametrize("status", [S.DETECTED, S.REOPENED])
def test_a_persons_run_acknowledges_it_as_soon_as_it_has_begun(status: S, state: RunState) -> None:
	assert effect(status, run(state)).status is S.ACKNOWLEDGED


@pytest.mark.parametrize("state", [RunState.PLANNED, RunState.AWAITING_APPROVAL])
def test_a_plan_that_nobody_agreed_to_is_not_even_told(state: RunState) -> None:
	assert effect(S.DETECTED, run(state)) == Effect(S.DETECTED)


def test_one_that_was_given_up_acknowledges_nothing() -> None:
	given_up = effect(S.DETECTED, run(RunState.ABANDONED))
	assert (given_up.status, given_up.detail) == (
		S.DETECTED,
		f"{run(RunState.ABANDONED).id}: Abandoned. X. Done.",
	)


def test_one_that_began_by_itself_is_nobodys_acknowledgement() -> None:
	assert effect(S.DETECTED, run(RunState.RUNNING, by=SCHEDULER.name)).status is S.DETECTED


@pytest.mark.parametrize("status", OPEN)
def test_one_that_helped_mitigates_it_whoever_began_it(status: S) -> None:
	for by in ("anna", SCHEDULER.name):
		assert effect(status, run(RunState.SUCCEEDED, by=by)).status is S.MITIGATED


def test_one_that_left_some_of_it_does_not() -> None:
	left = effect(S.INVESTIGATING, run(RunState.SUCCEEDED, left=("2 are left.",)))
	assert left.status is S.INVESTIGATING
	assert left.detail.endswith("Succeeded. X. Done.")


@pytest.mark.parametrize(
	("before", "after"), [(S.MITIGATED, S.INVESTIGATING), (S.ACKNOWLEDGED, S.ACKNOWLEDGED)]
)
def test_taking_it_back_takes_the_mitigation_back(before: S, after: S) -> None:
	assert effect(before, run(RunState.UNDONE)).status is after


@pytest.mark.parametrize("status", [S.RESOLVED, S.CLOSED])
@pytest.mark.parametrize("state", [RunState.RUNNING, RunState.SUCCEEDED, RunState.UNDONE])
def test_one_that_is_over_stays_over_and_tells_of_it(status: S, state: RunState) -> None:
	told = effect(status, run(state))
	assert told.status is status
	assert told.detail


def test_one_that_had_nothing_to_do_does_nothing() -> None:
	assert effect(S.DETECTED, run(RunState.SUCCEEDED, planned=False)) == Effect(S.DETECTED)


def test_an_older_run_says_nothing_about_a_newer_incident() -> None:
	made = run(RunState.SUCCEEDED)
	assert made.last is not None
	second = timedelta(seconds=1)
	assert concerns(made, None, None)
	assert concerns(made, made.last, None)
	assert not concerns(made, made.last + second, None)
	assert concerns(made, made.created - second, made.created)
	assert not concerns(made, made.created - 2 * second, made.created - second)


def test_a_run_that_has_not_moved_yet_is_as_old_as_its_beginning() -> None:
	made = replace(run(RunState.RUNNING), last=None)
	assert concerns(made, made.created, None)
	assert not concerns(made, made.created + timedelta(seconds=1), None)
