"""Every runbook of the console can be used, and everything that the console finds is answered by one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from recovery_console.core.action import HARD_LIMIT, Action, Risk
from recovery_console.core.action_registry import all_actions, find_action
from recovery_console.core.errors import UsageError
from recovery_console.core.knowledge import known_errors
from recovery_console.core.registry import all_checks
from recovery_console.core.render_run import runbook_as_dict
from recovery_console.core.runbook import StepKind
from recovery_console.core.runbook_file import read_file
from recovery_console.core.runbooks import all_runbooks, answers, find_runbook

FOLDER = Path(answers.__file__).parent
FILES = sorted(FOLDER.glob("*.toml"))
RUNBOOKS = all_runbooks()
ACTIONS = all_actions()
#: Checks whose findings no runbook answers, each with its reason.
NOT_REPAIRED: dict[str, str] = {}


def test_there_are_as_many_as_promised() -> None:
	assert len(RUNBOOKS) >= 60
	assert len(ACTIONS) >= 70


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_runbook_can_be_used(path: Path) -> None:
	runbook = read_file(path, ACTIONS, all_checks())
	assert RUNBOOKS[runbook.id] == runbook
	assert 5 <= len(runbook.title) <= 90, "a title is a short phrase"
	assert runbook.title[0].isupper()
	assert not runbook.title.endswith((".", "!", "?"))
	assert runbook.summary.endswith((".", "?"))
	assert 30 <= len(runbook.summary) <= 900
	assert not re.search(r"\bTODO\b|\bXXX\b|\s,|\(\s|  ", runbook.summary)
	assert runbook.otherwise in {"", *RUNBOOKS}
	assert runbook.otherwise != runbook.id
	assert set(runbook.errors) <= {error.id for error in known_errors()}


@pytest.mark.parametrize("name", list(RUNBOOKS))
def test_what_a_runbook_does_can_be_told(name: str) -> None:
	shown = runbook_as_dict(RUNBOOKS[name], ACTIONS)
	assert all(step["does"] or step["instruction"] for step in shown["steps"])
	assert all(parameter["title"] for parameter in shown["parameters"])
	assert len({parameter["name"] for parameter in shown["parameters"]}) == len(shown["parameters"])


def test_a_chain_of_runbooks_has_an_end() -> None:
	for start in RUNBOOKS:
		seen, name = [start], RUNBOOKS[start].otherwise
		while name:
			assert name not in seen, f"{' → '.join([*seen, name])} never ends"
			seen.append(name)
			name = RUNBOOKS[name].otherwise


@pytest.mark.parametrize("name", list(ACTIONS))
def test_an_action_is_used_by_a_runbook(name: str) -> None:
	used = {step.action for runbook in RUNBOOKS.values() for step in runbook.steps}
	assert name in used, "an action that no runbook uses is out of reach"


@pytest.mark.parametrize("kind", ACTIONS.values(), ids=list(ACTIONS))
def test_an_action_tells_what_it_does(kind: type[Action]) -> None:
	assert kind.title
	assert not kind.title.endswith(".")
	assert (kind.__doc__ or "").strip().splitlines()[0].endswith(".")
	assert set(kind.checks) <= set(all_checks())
	assert set(kind.secret) <= set(kind.parameters())
	assert 1 <= kind.batch_size <= HARD_LIMIT
	assert kind.resources


@pytest.mark.parametrize("check", list(all_checks()))
def test_a_check_is_answered_by_a_runbook(check: str) -> None:
	assert bool(answers.for_check(check)) is (check not in NOT_REPAIRED), (
		"add a runbook, or the reason why not"
	)
	assert all(name in RUNBOOKS for name in answers.for_check(check))


@pytest.mark.parametrize("error", [error.id for error in known_errors()])
def test_a_known_error_is_answered_by_a_runbook(error: str) -> None:
	assert answers.for_error(error)


def test_what_cannot_be_taken_back_is_never_automatic() -> None:
	for runbook in RUNBOOKS.values():
		if runbook.automatic(ACTIONS):
			risks = {ACTIONS[step.action].risk for step in runbook.steps if step.action}
			assert risks <= {Risk.READ, Risk.REVERSIBLE}, runbook.id
			kinds = {step.kind for step in runbook.steps}
			assert not kinds & {StepKind.MANUAL, StepKind.APPROVAL}, runbook.id


def test_one_that_is_not_there_is_told_with_the_one_that_was_meant() -> None:
	with pytest.raises(UsageError) as error:
		find_runbook("enable-schedular")
	assert "'enable-scheduler'" in error.value.remedy
	with pytest.raises(UsageError) as error:
		find_action("email.release_stuk")
	assert "'email.release_stuck'" in error.value.remedy
