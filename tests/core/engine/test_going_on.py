"""How a run goes on when things go wrong: what is tried again, what is said, what is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.approval import RefusedError
from recovery_console.core.edits import ABSENT, Act, FileText
from recovery_console.core.engine import Engine
from recovery_console.core.errors import ConsoleError, NotApplicable, SourceUnavailable
from recovery_console.core.file_journal import FileJournal
from recovery_console.core.making import Interrupted
from recovery_console.core.people import MANAGER, OPERATOR, Actor
from recovery_console.core.plan import Plan
from recovery_console.core.run import EntryKind, Run, RunState
from recovery_console.core.runbook import Runbook
from recovery_console.core.runbook_file import read_runbook
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite, open_writable
from tests.support.repairs import APPROVER, REQUESTER, to_the_end
from tests.support.sample import SampleSite

OPERATES = Actor("olli", frozenset({OPERATOR}))


@dataclass(frozen=True)
class Bake(Action):
	"""Bake loaves; a loaf is a file, and every third of them rings a bell."""

	title = "Bake loaves"
	batch_size = 2
	secret = ("word",)
	#: What a test wants of it.
	bell: ClassVar[dict[str, Any]] = {}
	rung: ClassVar[list[str]] = []

	loaves: int = 4
	acts: bool = False
	word: str = ""

	def plan(self, site: Site) -> Plan:
		if error := self.bell.get("plan"):
			raise error
		path = f"sites/{site.name}/private/loaf"
		return self.planned(
			site,
			"Bake {count}",
			[
				batch(
					"Loaf",
					n,
					Act("Ring", "Bell", str(n), {}) if self.acts else FileText(f"{path}{n}", ABSENT, b"x"),
				)
				for n in range(self.loaves)
			],
		)

	def perform(self, site: WritableSite, act: Act) -> str:
		if error := self.bell.get(act.name):
			raise error
		self.rung.append(f"{act.name}{site.secrets.get('word', '')}")
		return "Rang."


class Notice(Bake):
	"""Bake what people notice."""

	risk = Risk.DISRUPTIVE


Bake.id, Notice.id = "bakery.bake", "bakery.notice"
ACTIONS: dict[str, type[Action]] = {"bakery.bake": Bake, "bakery.notice": Notice}
RUNBOOK = """
title = "Bake"
summary = "Bake."
otherwise = "buy-bread"
parameters = ["loaves", "acts", "word"]
[[steps]]
action = "bakery.{action}"
late = {late}
"""


def runbook(action: str = "bake", *, late: bool = False) -> Runbook:
	return read_runbook("bake", RUNBOOK.format(action=action, late=str(late).lower()), ACTIONS, ())


@pytest.fixture
def works(site: SampleSite) -> Iterator[Engine]:
	Bake.bell.clear()
	Bake.rung.clear()
	now = site.bench.now
	yield Engine(
		lambda: open_writable(site.bench.folder, site.name, clock=lambda: now),
		FileJournal(site.path),
		ACTIONS,
		{"bake": runbook()},
	)
	site.bench.restore()


def begin(works: Engine, book: Runbook | None = None, **given: Any) -> Run:
	run = works.create(book or runbook(), given, REQUESTER, "bread")
	return works.approve(run.id, APPROVER, "bread", requester=True)


def loaves(site: SampleSite) -> list[str]:
	return sorted(path.name for path in (site.path / "private").glob("loaf*"))


def loaf(site: SampleSite, number: int) -> Path:
	return site.path / "private" / f"loaf{number}"


class Killed(BaseException):
	"""The process ends here."""


def dies(works: Engine, boundary: str, count: int = 1) -> Engine:
	left = [count]

	def on_boundary(name: str) -> None:
		left[0] -= name == boundary
		if not left[0] and name == boundary:
			raise Killed

	return Engine(works.open_site, works.journal, works.actions, works.runbooks, None, on_boundary)


def test_what_was_made_before_a_crash_can_be_taken_back_after_cancelling(
	works: Engine, site: SampleSite
) -> None:
	run = begin(works)
	with pytest.raises(Killed):
		to_the_end(dies(works, "making"), run, site)
	loaf(site, 0).write_bytes(b"x")  # it was killed while it wrote the journal
	run = works.cancel(run.id, REQUESTER)
	assert (run.made, run.to_take_back) == (0, 2)
	works.undo(run.id, REQUESTER)
	run = to_the_end(works, works.journal.load(run.id), site)
	assert (run.state, loaves(site)) == (RunState.UNDONE, [])


def test_what_is_known_of_a_piece_is_kept_when_the_rest_is_interrupted(
	works: Engine, site: SampleSite
) -> None:
	Bake.bell["1"] = SourceUnavailable("mail", "Gone.", remedy="Wait.", kind="gone")
	run = begin(works, acts=True)
	for _ in range(3):
		run = works.advance(run.id, REQUESTER)
	assert run.next_attempt is not None
	[step] = run.steps
	assert ({n: str(found.made) for n, found in step.outcomes.items()}, step.in_doubt) == ({0: "made"}, (1,))
	Bake.bell.clear()
	works.pause(run.id, REQUESTER)
	run = to_the_end(works, works.resume(run.id, REQUESTER), site)
	assert Bake.rung == ["0", "2", "3"], "the one in doubt is not rung again, nor the one that rang"
	assert [str(found.made) for found in run.steps[0].outcomes.values()] == [
		"made",
		"unclear",
		"made",
		"made",
	]


def test_a_source_that_stays_away_is_waited_for_longer_and_longer_and_then_asked_about(
	works: Engine, site: SampleSite
) -> None:
	Bake.bell["0"] = SourceUnavailable("mail", "Gone.", remedy="Wait.", kind="gone")
	run = begin(works, acts=True)
	waits = []
	for _ in range(5):
		run = works._later(run, REQUESTER, Interrupted("Gone.", remedy="Wait."))
		assert run.next_attempt is not None
		assert run.last is not None
		waits.append(round((run.next_attempt - run.last).total_seconds()))
		assert works.advance(run.id, REQUESTER) == run, "its time has not come"
	assert waits == [15, 30, 60, 120, 240]
	run = works._later(run, REQUESTER, Interrupted("Gone.", remedy="Wait."))
	assert (run.state, run.said) == (RunState.PAUSED, "Gone. Wait.")


def test_a_failed_step_is_tried_again_when_somebody_resumes_it(works: Engine, site: SampleSite) -> None:
	for number in range(2):
		loaf(site, number).write_bytes(b"somebody's")
	run = to_the_end(works, begin(works, loaves=2), site)
	assert run.state is RunState.FAILED
	assert "somebody else" in run.said
	assert "Go on with the runbook buy-bread." in run.said
	for number in range(2):
		loaf(site, number).unlink()
	run = to_the_end(works, works.resume(run.id, REQUESTER), site)
	assert (run.state, run.made) == (RunState.SUCCEEDED, 2)


def test_what_was_not_made_is_told_and_the_rest_is_made(works: Engine, site: SampleSite) -> None:
	loaf(site, 2).write_bytes(b"somebody's")
	run = to_the_end(works, begin(works), site)
	assert run.made == 3
	assert "3 of 4 made. Not made: Path" in run.steps[0].said
	works.undo(run.id, REQUESTER)
	run = to_the_end(works, works.journal.load(run.id), site)
	assert (run.state, loaves(site)) == (RunState.UNDONE, ["loaf2"])


def test_too_many_failures_stop_a_run_and_ask(works: Engine, site: SampleSite) -> None:
	for number in range(6):
		loaf(site, number).write_bytes(b"somebody's")
	run = to_the_end(works, begin(works, loaves=100), site)
	assert run.state is RunState.PAUSED
	assert "Too many" in run.said
	assert run.made == 0
	assert len(run.steps[0].outcomes) == 6


def test_an_undo_that_failed_can_be_tried_again(works: Engine, site: SampleSite) -> None:
	run = to_the_end(works, begin(works), site)
	loaf(site, 1).write_bytes(b"eaten")
	works.undo(run.id, REQUESTER)
	run = to_the_end(works, works.journal.load(run.id), site)
	assert (run.state, run.made) == (RunState.FAILED, 1)
	assert "1 changes could not be taken back" in run.said
	loaf(site, 1).write_bytes(b"x")
	works.undo(run.id, REQUESTER)
	run = to_the_end(works, works.journal.load(run.id), site)
	assert (run.state, loaves(site)) == (RunState.UNDONE, [])
	with pytest.raises(RefusedError, match="nothing that is to be taken back"):
		works.undo(run.id, REQUESTER)


def test_acts_cannot_be_taken_back(works: Engine, site: SampleSite) -> None:
	run = to_the_end(works, begin(works, acts=True), site)
	assert Bake.rung == ["0", "1", "2", "3"]
	with pytest.raises(RefusedError, match="4 changes of “Bake loaves” cannot be taken back"):
		works.undo(run.id, REQUESTER)


def test_taking_back_what_people_notice_takes_a_manager(works: Engine, site: SampleSite) -> None:
	run = to_the_end(works, begin(works, runbook("notice")), site)
	with pytest.raises(RefusedError, match="its changes are disruptive"):
		works.undo(run.id, OPERATES)
	moving = begin(works, runbook("notice"), loaves=1)
	with pytest.raises(RefusedError, match="Pause or cancel"):
		works.undo(moving.id, APPROVER)
	works.undo(run.id, Actor("m", frozenset({MANAGER})))
	assert to_the_end(works, works.journal.load(run.id), site).state is RunState.UNDONE


@pytest.mark.parametrize(
	("error", "state", "says"),
	[
		(ConsoleError("No flour.", remedy="Buy some."), RunState.FAILED, "No flour. Buy some."),
		(
			NotApplicable("There is no oven."),
			RunState.FAILED,
			"makes no sense on this site: There is no oven.",
		),
		(SourceUnavailable("oven", "It is cold.", remedy="Wait."), RunState.RUNNING, "It is cold."),
	],
)
def test_a_late_step_that_cannot_be_planned_does_not_go_on_for_ever(
	works: Engine, site: SampleSite, error: Exception, state: RunState, says: str
) -> None:
	Bake.bell["plan"] = error
	run = begin(works, runbook(late=True))
	for _ in range(3):
		run = works.advance(run.id, REQUESTER)
	assert (run.state, says in run.said) == (state, True), run.said
	assert (run.next_attempt is not None) is (state is RunState.RUNNING)
	Bake.bell.clear()
	run = works.resume(run.id, REQUESTER) if state is RunState.FAILED else run
	assert run.state is RunState.RUNNING


def test_a_secret_is_used_and_written_nowhere(works: Engine, site: SampleSite) -> None:
	given = {"acts": True, "loaves": 1, "word": "hunter2"}
	run = begin(works, **given)
	while run.state.moves or run.state is RunState.PLANNED:
		run = works.advance(run.id, REQUESTER, given)
	assert Bake.rung == ["0hunter2"]
	kept = [
		path.read_bytes()
		for path in (site.path / "private" / "recovery_console").rglob("*")
		if path.is_file()
	]
	assert kept
	assert b"hunter2" not in b"".join(kept)
	assert "hunter2" not in repr(run)


def test_the_journal_tells_who_did_what(works: Engine, site: SampleSite) -> None:
	run = to_the_end(works, begin(works, loaves=1), site, OPERATES)
	by = {entry.kind: entry.actor for entry in works.journal.entries(run.id)}
	assert by[EntryKind.CREATED] == REQUESTER.name
	assert by[EntryKind.APPROVED] == APPROVER.name
	assert by[EntryKind.MADE] == OPERATES.name
