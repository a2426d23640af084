"""A run is what its journal's entries add up to; its life cycle is a table."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from recovery_console.core.action import Action, Risk
from recovery_console.core.approval import BACKUP_AGE, Demand, demand, open_demand, risk_made, risk_of
from recovery_console.core.edits import Act, RowEdit
from recovery_console.core.errors import ConsoleError
from recovery_console.core.finding import Subject
from recovery_console.core.fold import fold, read_step, step_as_dict
from recovery_console.core.making import Made
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.run import (
	ENDED,
	MOVING,
	Entry,
	EntryKind,
	Run,
	RunState,
	may_become,
)
from recovery_console.core.runbook import Step, StepKind
from recovery_console.core.times import UTC

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
S = RunState
ALLOWED = {
	S.PLANNED: {S.AWAITING_APPROVAL, S.RUNNING, S.ABANDONED},
	S.AWAITING_APPROVAL: {S.RUNNING, S.ABANDONED, S.PAUSED},
	S.RUNNING: {S.VERIFYING, S.PAUSED, S.FAILED, S.AWAITING_APPROVAL, S.ABANDONED, S.UNDONE, S.SUCCEEDED},
	S.VERIFYING: {S.SUCCEEDED, S.FAILED, S.PAUSED, S.ABANDONED},
	S.PAUSED: {S.RUNNING, S.VERIFYING, S.AWAITING_APPROVAL, S.ABANDONED},
	S.SUCCEEDED: {S.RUNNING},
	S.FAILED: {S.RUNNING},
	S.ABANDONED: {S.RUNNING},
	S.UNDONE: set(),
}


@pytest.mark.parametrize(("before", "after"), [*itertools.product(RunState, RunState)])
def test_each_state_leads_only_where_it_may(before: RunState, after: RunState) -> None:
	assert may_become(before, after) is (before is after or after in ALLOWED[before])


@pytest.mark.parametrize("state", [*RunState])
def test_a_state_is_open_or_over_and_moves_only_when_open(state: RunState) -> None:
	assert state.is_open is (state not in ENDED)
	assert state.moves is (state in MOVING)
	assert not (state.moves and not state.is_open)


class Row(Action):
	"""Change a row."""

	title = "Change"
	risk = Risk.REVERSIBLE


class Ring(Action):
	"""Ring a bell."""

	risk = Risk.DISRUPTIVE


class Drop(Action):
	"""Drop it for good."""

	risk = Risk.DESTRUCTIVE


class Look(Action):
	"""Look."""

	risk = Risk.READ


ACTIONS: Mapping[str, type[Action]] = {"a.row": Row, "a.ring": Ring, "a.drop": Drop, "a.look": Look}


def plan(action: str = "a.row", count: int = 3, *, reversible: bool = True) -> Plan:
	edit = RowEdit("tabX", {"name": "1"}, {"a": 1}, {"a": 2}) if reversible else Act("Ring", "Bell", "1", {})
	return Plan(action, {}, "x", NOW, tuple(Batch(Subject("X", str(n)), (edit,)) for n in range(count)))


def action(name: str = "a.row", *, late: bool = False) -> Step:
	return Step(StepKind.ACTION, name, action=name, late=late)


class Told:
	"""A journal in memory."""

	def __init__(self, *steps: Step, by: str = "anna") -> None:
		self.entries: list[Entry] = []
		self.at = NOW
		self.add(
			EntryKind.CREATED,
			by=by,
			runbook="x",
			title="X",
			site="erp",
			reason="why",
			parameters={"$": "map", "v": {}},
			verify=["a.check"],
			before={},
			steps=[step_as_dict(step) for step in steps],
		)

	def add(self, kind: EntryKind, *, by: str = "anna", **data: Any) -> Told:
		self.at += timedelta(seconds=1)
		self.entries.append(Entry(len(self.entries) + 1, self.at, by, kind, data))
		return self

	def state(self, state: RunState, said: str = "") -> Told:
		return self.add(EntryKind.STATE, state=state.value, said=said)

	def planned(self, number: int, what: Plan) -> Told:
		return self.add(EntryKind.PLANNED, step=number, plan=what.as_dict())

	def making(self, *batches: int, step: int = 0, undo: bool = False) -> Told:
		return self.add(EntryKind.MAKING, step=step, batches=list(batches), undo=undo)

	def made(self, outcomes: Mapping[int, str], step: int = 0, *, undo: bool = False) -> Told:
		data = {str(number): (made, f"{number} {made}") for number, made in outcomes.items()}
		return self.add(EntryKind.MADE, step=step, outcomes=data, undo=undo)

	def approved(self, step: int = -1, *, by: str = "bert", hours: float = 24, digest: str = "") -> Told:
		return self.add(
			EntryKind.APPROVED,
			by=by,
			reason="seen",
			digest=digest or self.run.digest,
			expires=(NOW + timedelta(hours=hours)).isoformat(),
			step=step,
		)

	@property
	def run(self) -> Run:
		return fold("R1", self.entries)


def test_a_run_begins_with_its_creation() -> None:
	run = Told(action()).run
	assert (run.id, run.state, run.requested_by, run.created, run.cursor) == (
		"R1",
		S.PLANNED,
		"anna",
		NOW + timedelta(seconds=1),
		0,
	)
	for entries in ([], Told(action()).state(S.RUNNING).entries[1:]):
		with pytest.raises(ConsoleError, match="does not tell how it began"):
			fold("R1", entries)


def test_every_kind_of_entry_is_understood() -> None:
	told = Told(action()).planned(0, plan()).approved()
	told.add(EntryKind.REJECTED, reason="x").add(EntryKind.NOTE, text="x").add(
		EntryKind.CONFIRMED, step=0, note=""
	)
	told.add(EntryKind.BEGUN, step=0).making(0, 1).made({0: "made", 1: "moved"})
	told.add(EntryKind.RETRY, step=0, at=NOW.isoformat(), said="gone").add(
		EntryKind.ENDED, step=0, ok=True, said="x"
	)
	told.add(EntryKind.VERIFIED, ok=False, said="", left=["a"]).add(EntryKind.UNDO, reason="")
	assert {entry.kind for entry in told.entries} | {EntryKind.STATE} == set(EntryKind)
	run = told.run
	assert (run.entries, run.last, run.left) == (len(told.entries), told.at, ("a",))
	assert (run.state, run.undoing, run.cursor) == (S.RUNNING, True, None)
	for number in range(1, len(told.entries)):
		first, rest = told.entries[:number], told.entries[number:]
		assert fold("R1", rest, fold("R1", first)) == run, "what is known of a run need not be read again"


@pytest.mark.parametrize(
	"step",
	[
		action(late=True),
		Step(StepKind.WAIT, "w", check="a.check", limit=timedelta(minutes=3)),
		Step(StepKind.APPROVAL, "", role="Boss", second_person=True, expires=timedelta(hours=1)),
		Step(StepKind.ACTION, "x", action="a.row", parameters={"names": ("a",), "b": {"c": 1}}),
	],
	ids=lambda step: step.kind.value,
)
def test_a_step_comes_back_as_it_was(step: Step) -> None:
	assert read_step(step_as_dict(step)) == step


def test_outcomes_add_up() -> None:
	told = Told(action()).planned(0, plan(count=4)).making(0, 1, 2)
	assert told.run.steps[0].in_doubt == (0, 1, 2)
	told.made({0: "made", 1: "already", 2: "moved"})
	[step] = told.run.steps
	assert (step.changed, list(step.bad), step.in_doubt) == ((0,), [2], ())
	assert (told.run.made, told.run.planned) == (1, 4)


def test_doubt_lasts_until_an_outcome_is_known() -> None:
	told = Told(action()).planned(0, plan(count=4)).making(0, 1).making(0).made({0: "made"})
	assert told.run.steps[0].in_doubt == (1,), "a smaller piece after a crash does not clear the rest"


def test_what_is_in_doubt_can_be_taken_back() -> None:
	told = Told(action()).planned(0, plan(count=3)).state(S.RUNNING).making(0, 1).state(S.ABANDONED)
	run = told.run
	assert (run.made, run.to_take_back, run.steps[0].to_take_back) == (0, 2, (0, 1))
	told.add(EntryKind.UNDO, reason="").making(1, 0, undo=True).made({0: "made", 1: "made"}, undo=True)
	assert told.run.to_take_back == 0
	acts = Told(action()).planned(0, plan(count=2, reversible=False)).making(0)
	assert acts.run.to_take_back == 0, "an act in doubt is nobody's to take back"


def test_what_could_not_be_taken_back_is_tried_again_by_another_undo() -> None:
	told = Told(action()).planned(0, plan(count=2)).made({0: "made", 1: "made"}).state(S.SUCCEEDED)
	told.add(EntryKind.UNDO, reason="").made({0: "made", 1: "moved"}, undo=True).state(S.FAILED)
	run = told.run
	assert (run.undoing, run.made, run.steps[0].changed) == (True, 1, (1,))
	told.add(EntryKind.UNDO, reason="")
	assert list(told.run.steps[0].undone) == [0]


def test_a_failed_step_is_tried_again_on_resuming_but_nothing_unclear() -> None:
	told = Told(action(), action()).planned(0, plan()).planned(1, plan(count=4)).state(S.RUNNING)
	told.made({0: "failed", 1: "made", 2: "moved"}).add(EntryKind.ENDED, step=0, ok=True)
	told.made({0: "failed", 1: "moved", 2: "unclear", 3: "made"}, 1).state(S.FAILED)
	assert len(told.run.steps[1].outcomes) == 4
	told.state(S.RUNNING)
	first, second = told.run.steps
	assert list(first.outcomes) == [0, 1, 2], "a step that is over is not looked at again"
	assert {n: found.made for n, found in second.outcomes.items()} == {2: Made.UNCLEAR, 3: Made.MADE}
	paused = (
		Told(action())
		.planned(0, plan())
		.state(S.RUNNING)
		.made({0: "failed"})
		.state(S.PAUSED)
		.state(S.RUNNING)
	)
	assert list(paused.run.steps[0].outcomes) == [0], (
		"who goes on after too many errors goes on with the rest"
	)


def test_a_retry_waits_and_a_state_ends_the_waiting() -> None:
	told = Told(action()).state(S.RUNNING)
	for _ in range(2):
		told.add(EntryKind.RETRY, step=0, at=NOW.isoformat(), said="gone")
	assert (told.run.next_attempt, told.run.steps[0].attempts, told.run.said) == (NOW, 2, "gone")
	told.state(S.PAUSED)
	assert told.run.next_attempt is None


class TestRisk:
	@pytest.mark.parametrize(
		("names", "risk", "role", "strict"),
		[
			(["a.look"], Risk.READ, "", False),
			(["a.row", "a.look"], Risk.REVERSIBLE, "Recovery Operator", False),
			(["a.ring", "a.row"], Risk.DISRUPTIVE, "Recovery Manager", False),
			(["a.look", "a.drop", "a.row"], Risk.DESTRUCTIVE, "Recovery Manager", True),
		],
	)
	def test_the_greatest_risk_decides_what_is_demanded(
		self, names: list[str], risk: Risk, role: str, strict: bool
	) -> None:
		told = Told(*[action(name) for name in names])
		for number, name in enumerate(names):
			told.planned(number, plan(name))
		asked = demand(told.run, ACTIONS)
		assert asked == Demand(risk, role, second_person=strict, backup=strict, typed=strict)
		assert timedelta(hours=24) == BACKUP_AGE

	def test_steps_that_are_over_or_change_nothing_have_no_risk(self) -> None:
		told = Told(action("a.drop"), action("a.ring"), action("a.drop"))
		told.planned(0, plan("a.drop")).planned(1, plan("a.ring")).planned(2, plan("a.drop", 0))
		assert risk_of(told.run, ACTIONS) is Risk.DESTRUCTIVE
		told.add(EntryKind.ENDED, step=0, ok=True)
		assert risk_of(told.run, ACTIONS) is Risk.DISRUPTIVE

	def test_a_step_that_is_planned_late_has_its_risk_from_the_beginning(self) -> None:
		told = Told(action("a.look"), action("a.drop", late=True)).planned(0, plan("a.look"))
		assert risk_of(told.run, ACTIONS) is Risk.DESTRUCTIVE

	def test_an_action_that_is_gone_is_the_greatest_risk(self) -> None:
		assert risk_of(Told(action("a.gone")).run, ACTIONS) is Risk.DESTRUCTIVE

	def test_taking_back_has_the_risk_of_what_was_made(self) -> None:
		told = Told(action("a.ring"), action("a.row")).planned(0, plan("a.ring")).planned(1, plan())
		told.made({0: "made"}, 1)
		assert risk_made(told.run, ACTIONS) is Risk.REVERSIBLE
		told.made({0: "made"}, 0)
		assert risk_made(told.run, ACTIONS) is Risk.DISRUPTIVE


class TestApprovals:
	def asks(self, told: Told, hours: float = 0) -> Demand | None:
		return open_demand(told.run, ACTIONS, NOW + timedelta(hours=hours))

	def test_an_approval_holds_for_what_was_planned_until_it_expires(self) -> None:
		told = Told(action()).planned(0, plan())
		assert self.asks(told) is not None
		told.approved(hours=24)
		assert self.asks(told) is None
		assert self.asks(told, 23.99) is None
		assert self.asks(told, 24) is not None

	def test_it_does_not_hold_for_another_plan(self) -> None:
		told = Told(action("a.ring")).planned(0, plan("a.ring")).approved()
		assert self.asks(told) is None
		assert self.asks(told.planned(0, plan("a.ring", 2))) is not None

	@pytest.mark.parametrize(("late", "anew"), [("a.row", False), ("a.ring", True), ("a.drop", True)])
	def test_a_late_plan_is_asked_for_anew_where_it_cannot_be_taken_back(self, late: str, anew: bool) -> None:
		told = Told(action(), action(late, late=True)).planned(0, plan()).approved()
		assert self.asks(told) is None
		told.add(EntryKind.ENDED, step=0, ok=True).planned(1, plan(late))
		assert (self.asks(told) is not None) is anew

	def test_what_only_looks_asks_nobody(self) -> None:
		assert self.asks(Told(action("a.look")).planned(0, plan("a.look"))) is None
		assert self.asks(Told(Step(StepKind.CHECK, "", check="x"))) is None
		assert self.asks(Told(Step(StepKind.MANUAL, "x"), action())) is None

	def test_a_step_may_ask_for_itself(self) -> None:
		asking = Step(
			StepKind.APPROVAL, "", role="Accounts Manager", second_person=True, expires=timedelta(hours=2)
		)
		told = Told(Step(StepKind.CHECK, "", check="x"), asking, action()).planned(2, plan())
		asked = self.asks(told)
		assert asked is not None
		assert (asked.role, asked.second_person, asked.step, asked.expires) == (
			"Accounts Manager",
			True,
			1,
			timedelta(hours=2),
		)
		assert self.asks(told.approved(-1)) is not None, "another's approval is not this one"
		assert self.asks(told.approved(1)) is None
		told.add(EntryKind.ENDED, step=1, ok=True).add(EntryKind.ENDED, step=0, ok=True)
		assert self.asks(told) is None, "the action's own risk was approved, too"
