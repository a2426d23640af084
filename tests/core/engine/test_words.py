"""What people say of a run counts, also when it comes while the run is at work; and what needs Frappe waits for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.edits import Act
from recovery_console.core.engine import Engine
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.making import Made
from recovery_console.core.plan import Plan
from recovery_console.core.run import EntryKind, Run, RunState
from recovery_console.core.runbook import Runbook, Step, StepKind
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite
from tests.core.engine.test_trouble import begin
from tests.support.repairs import APPROVER, REQUESTER, engine, to_the_end
from tests.support.sample import SampleSite


@dataclass(frozen=True)
class Knock(Action):
	"""Knock at many doors, some of which only Frappe can reach."""

	title = "Knock"
	risk = Risk.REVERSIBLE

	frappe: bool = False

	def plan(self, site: Site) -> Plan:
		acts = [Act("Knock", "Door", str(number), {}, frappe=self.frappe) for number in range(8)]
		return self.planned(site, "Knock at {count} doors", [batch("Door", act.name, act) for act in acts])

	def perform(self, site: WritableSite, act: Act) -> str:
		return ""


class Inside:
	"""Stands for Frappe."""

	def __init__(self) -> None:
		self.done: list[str] = []

	def perform(self, _action: str, act: Act) -> str:
		self.done.append(act.name)
		return ""


def runbook(*steps: Step) -> Runbook:
	return Runbook("knock", "Knock", "Knock at doors.", steps)


def knocking(
	site: SampleSite, *steps: Step, on_boundary: Callable[[str], None] = lambda _name: None
) -> Engine:
	works = engine(site, runbooks={"knock": runbook(*steps)}, on_boundary=on_boundary)
	return replace(works, actions={**works.actions, Knock.id: Knock})


KNOCK = Step(StepKind.ACTION, "Knock", action=Knock.id, parameters={"frappe": "yes"})


def started(works: Engine) -> Run:
	run = works.create(works.runbooks["knock"], {}, REQUESTER)
	return works.approve(run.id, APPROVER, "a test", requester=True)


def test_break_glass_leaves_to_frappe_what_is_frappes(site: SampleSite) -> None:
	works = knocking(site, KNOCK)
	run = to_the_end(works, started(works), site)
	assert run.state is RunState.PAUSED
	assert f"bench --site {site.name} recovery resume {run.id}" in run.said
	assert not run.steps[0].outcomes, "what was never tried counts as failed"

	frappe = Inside()

	def with_frappe() -> WritableSite:
		opened = works.open_site()
		opened.documents = frappe  # type: ignore[assignment]
		return opened

	inside = replace(works, open_site=with_frappe)
	run = to_the_end(inside, inside.resume(run.id, APPROVER), site)
	assert run.state is RunState.SUCCEEDED, run.said
	assert frappe.done == [str(number) for number in range(8)]


def test_what_was_not_begun_before_an_interruption_is_not_unclear(
	site: SampleSite, monkeypatch: pytest.MonkeyPatch
) -> None:
	done: list[str] = []

	def perform(_self: Knock, _site: WritableSite, act: Act) -> str:
		if act.name == "2" and "2" not in done:
			done.append("2")
			raise SourceUnavailable("doors", "They are gone.", remedy="Wait.", kind="gone")
		done.append(act.name)
		return ""

	monkeypatch.setattr(Knock, "perform", perform)
	works = knocking(site, replace(KNOCK, parameters={}))
	run = started(works)
	for _step in range(4):
		run = works.advance(run.id, REQUESTER)
	assert run.next_attempt is not None, run.said
	assert run.steps[0].in_doubt == (2,)
	works.pause(run.id, APPROVER)
	run = to_the_end(works, works.resume(run.id, APPROVER), site)
	assert [n for n, outcome in run.steps[0].outcomes.items() if outcome.made is Made.UNCLEAR] == [2]
	assert done == ["0", "1", "2", "3", "4", "5", "6", "7"]


class TestStopped:
	def test_while_a_late_step_is_planned(self, site: SampleSite) -> None:
		def on_boundary(name: str) -> None:
			if name == "journal planned":
				works.cancel(works.journal.run_ids()[0], APPROVER, "no")

		late = Step(StepKind.ACTION, "Knock", action=Knock.id, late=True)
		works = knocking(site, late, on_boundary=on_boundary)
		run = to_the_end(works, started(works), site)
		assert run.state is RunState.ABANDONED
		assert not run.made

	def test_while_a_check_is_looking(self, site: SampleSite) -> None:
		works, run = begin(site)
		while run.state is not RunState.VERIFYING:
			run = works.advance(run.id, REQUESTER)
		look = works.open_site

		def cancelled_meanwhile() -> WritableSite:
			if works.journal.load(run.id).state is RunState.VERIFYING:
				works.cancel(run.id, APPROVER, "enough")
			return look()

		slow = replace(works, open_site=cancelled_meanwhile)
		run = slow.advance(run.id, REQUESTER)
		assert run.state is RunState.ABANDONED
		assert "enough" in run.said

	def test_while_somebody_else_approves_it(self, site: SampleSite) -> None:
		def on_boundary(name: str) -> None:
			if name == "journal approved":
				engine(site).cancel(run.id, REQUESTER, "I was wrong")

		works = knocking(site, replace(KNOCK, parameters={}), on_boundary=on_boundary)
		run = works.create(works.runbooks["knock"], {}, REQUESTER)
		assert run.state is RunState.AWAITING_APPROVAL
		assert works.approve(run.id, APPROVER, "fine").state is RunState.ABANDONED

	def test_while_a_step_fails(self, site: SampleSite) -> None:
		def on_boundary(name: str) -> None:
			if name == "step":
				engine(site).pause(works.journal.run_ids()[0], APPROVER, "wait")

		check = Step(StepKind.CHECK, "Look", check="no.such_check")
		works = knocking(site, check, on_boundary=on_boundary)
		run = works.advance(works.create(works.runbooks["knock"], {}, REQUESTER).id, REQUESTER)
		assert run.state is RunState.PAUSED
		assert "wait" in run.said
		last = works.journal.last(run.id)
		assert last is not None
		assert last.kind is EntryKind.STATE
