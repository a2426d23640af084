"""Who may agree to a run, and why a refusal is one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from recovery_console.core.action import Risk
from recovery_console.core.approval import Demand, RefusedError, look_at_approval, look_at_backup
from recovery_console.core.people import MANAGER, OPERATOR, SCHEDULER, Actor, shell_actor
from recovery_console.core.run import RunState
from recovery_console.core.runbooks import find_runbook
from recovery_console.core.runs import STOP, kill_switch
from recovery_console.core.site import Site, open_site
from tests.core.test_run import Told, action, plan
from tests.support.console import Console
from tests.support.fill.backups import add_backup
from tests.support.repairs import APPROVER, REQUESTER, engine
from tests.support.sample import SampleSite

RUN = Told(action(), by="anna").planned(0, plan()).run
ANNA = Actor("anna", frozenset({OPERATOR, MANAGER}))
BERT = Actor("bert", frozenset({MANAGER}))
OLLI = Actor("olli", frozenset({OPERATOR}))
NOBODY = Actor("nobody", frozenset({"Accounts Manager"}))
ADMIN = Actor("admin", frozenset({"System Manager"}))
STRICT = Demand(Risk.DESTRUCTIVE, MANAGER, second_person=True, backup=True, typed=True)


@pytest.fixture
def opened(site: SampleSite) -> Iterator[Site]:
	with open_site(site.bench.folder, site.name, clock=lambda: site.bench.now) as opened:
		yield opened


@pytest.mark.parametrize(
	("asked", "actor", "may"),
	[
		(Demand(Risk.REVERSIBLE, OPERATOR), OLLI, True),
		(Demand(Risk.REVERSIBLE, OPERATOR), BERT, True),
		(Demand(Risk.REVERSIBLE, OPERATOR), ADMIN, True),
		(Demand(Risk.REVERSIBLE, OPERATOR), SCHEDULER, True),
		(Demand(Risk.REVERSIBLE, OPERATOR), NOBODY, False),
		(Demand(Risk.DISRUPTIVE, MANAGER), OLLI, False),
		(Demand(Risk.DISRUPTIVE, MANAGER), SCHEDULER, False),
		(Demand(Risk.DISRUPTIVE, MANAGER), BERT, True),
		(Demand(Risk.DISRUPTIVE, MANAGER), ADMIN, True),
		(Demand(Risk.DISRUPTIVE, "Accounts Manager"), BERT, False),
		(Demand(Risk.DISRUPTIVE, "Accounts Manager"), NOBODY, True),
		(Demand(Risk.DISRUPTIVE, MANAGER), shell_actor(), True),
	],
)
def test_it_takes_the_role(opened: Site, asked: Demand, actor: Actor, may: bool) -> None:
	if may:
		look_at_approval(RUN, asked, actor, opened, reason="because")
		return
	with pytest.raises(
		RefusedError, match=f"{actor.name} may not approve this: it takes the role {asked.role}"
	):
		look_at_approval(RUN, asked, actor, opened, reason="because")


def test_who_asked_is_no_second_person(opened: Site) -> None:
	asked = Demand(Risk.DISRUPTIVE, MANAGER, second_person=True)
	with pytest.raises(RefusedError, match="takes a second person"):
		look_at_approval(RUN, asked, ANNA, opened, reason="because")
	look_at_approval(RUN, asked, BERT, opened, reason="because")
	look_at_approval(RUN, Demand(Risk.DISRUPTIVE, MANAGER), ANNA, opened, reason="because")


@pytest.mark.parametrize("reason", ["", "  ", "ok", " x "])
def test_what_people_notice_takes_a_reason(opened: Site, reason: str) -> None:
	look_at_approval(RUN, Demand(Risk.REVERSIBLE, OPERATOR), OLLI, opened, reason=reason)
	with pytest.raises(RefusedError, match="needs its reason"):
		look_at_approval(RUN, Demand(Risk.DISRUPTIVE, MANAGER), BERT, opened, reason=reason)


@pytest.mark.parametrize("typed", ["", "ERP.example.org", "erp.example.org ", "x" * 5000])
def test_the_name_of_the_site_is_typed_to_the_letter(opened: Site, typed: str) -> None:
	with pytest.raises(RefusedError, match="name of the site must be typed") as error:
		look_at_approval(RUN, STRICT, BERT, opened, reason="because", typed=typed)
	assert opened.name in error.value.remedy
	assert len(error.value.message) < 300
	look_at_approval(RUN, STRICT, BERT, opened, reason="because", typed=opened.name)


def age_backups(site: SampleSite, hours: float | None) -> None:
	for path in (site.path / "private" / "backups").iterdir():
		path.unlink()
	if hours is not None:
		add_backup(site, site.hours_ago(hours))


@pytest.mark.parametrize(
	("hours", "says"), [(None, "there is none"), (24.1, "the newest is"), (500, "the newest is")]
)
def test_what_cannot_be_taken_back_takes_a_young_backup(
	site: SampleSite, opened: Site, hours: float | None, says: str
) -> None:
	age_backups(site, hours)
	with pytest.raises(RefusedError, match=says) as error:
		look_at_approval(RUN, STRICT, BERT, opened, reason="because", typed=opened.name)
	assert "take-backup" in error.value.remedy


def test_a_backup_counts_while_it_is_younger_than_the_limit(site: SampleSite, opened: Site) -> None:
	age_backups(site, 23.9)
	look_at_approval(RUN, STRICT, BERT, opened, reason="because", typed=opened.name)
	with pytest.raises(RefusedError):
		look_at_backup(opened, timedelta(hours=2))


def test_half_a_backup_is_none(site: SampleSite, opened: Site) -> None:
	age_backups(site, None)
	add_backup(site, site.hours_ago(1)).unlink()
	with pytest.raises(RefusedError, match="there is none"):
		look_at_backup(opened)


class TestAsking:
	"""The engine asks these questions, and says why it refuses."""

	def test_only_the_roles_may_ask_for_a_run_and_change_one(self, site: SampleSite) -> None:
		works = engine(site)
		runbook = works.runbooks["enable-scheduler"]
		with pytest.raises(RefusedError, match="may not run runbooks"):
			works.create(runbook, {}, NOBODY)
		site.set_single("System Settings", enable_scheduler=0)
		run = works.create(runbook, {}, REQUESTER)
		for ask in (works.pause, works.cancel, works.resume, works.undo, works.reject, works.approve):
			with pytest.raises(RefusedError):
				ask(run.id, NOBODY, "because")
		assert works.journal.load(run.id).state is RunState.AWAITING_APPROVAL

	def test_what_waits_for_nothing_is_neither_approved_nor_rejected_nor_confirmed(
		self, site: SampleSite
	) -> None:
		works = engine(site)
		site.set_single("System Settings", enable_scheduler=0)
		run = works.create(works.runbooks["enable-scheduler"], {}, REQUESTER)
		with pytest.raises(RefusedError, match="waits for no manual step"):
			works.confirm(run.id, APPROVER, "done")
		run = works.reject(run.id, APPROVER, "not today")
		assert (run.state, "not today" in run.said) == (RunState.ABANDONED, True)
		for ask in (works.approve, works.reject, works.resume, works.pause, works.undo):
			with pytest.raises(RefusedError):
				ask(run.id, APPROVER, "because")

	def test_an_approval_that_expired_is_asked_for_again(self, site: SampleSite) -> None:
		works = engine(site)
		site.set_single("System Settings", enable_scheduler=0)
		run = works.create(works.runbooks["enable-scheduler"], {}, REQUESTER)
		run = works.approve(run.id, APPROVER, "because")
		later = site.bench.now + timedelta(hours=25)
		from recovery_console.core.engine import Engine
		from recovery_console.core.writable import open_writable

		tomorrow = Engine(
			lambda: open_writable(site.bench.folder, site.name, clock=lambda: later),
			works.journal,
			works.actions,
			works.runbooks,
		)
		for _ in range(5):
			run = tomorrow.advance(run.id, REQUESTER)
		assert run.state is RunState.AWAITING_APPROVAL
		assert site.single("System Settings", "enable_scheduler") == "0"

	def test_a_run_of_another_site_is_not_gone_on_with(self, site: SampleSite) -> None:
		"""A restored backup brings the runs of the site that it was taken of."""
		works = engine(site)
		site.set_single("System Settings", enable_scheduler=0)
		run = works.create(works.runbooks["enable-scheduler"], {}, REQUESTER)
		works.approve(run.id, APPROVER, "because")
		other = engine(site)
		object.__setattr__(other, "open_site", lambda: _renamed(works.open_site()))
		run = other.advance(run.id, REQUESTER)
		assert run.state is RunState.PAUSED
		assert f"a run of the site {site.name}, not of other.example.org" in run.said
		assert site.single("System Settings", "enable_scheduler") == "0"


def _renamed(opened: object) -> object:
	opened.name = "other.example.org"  # type: ignore[attr-defined]
	return opened


class TestSwitches:
	def why(self, site: SampleSite, runbook: str = "enable-scheduler") -> str:
		with open_site(site.bench.folder, site.name) as opened:
			return kill_switch(opened, runbook)

	def test_nothing_forbids_it_on_a_healthy_site(self, any_site: SampleSite) -> None:
		assert self.why(any_site) == ""
		Console(any_site)
		assert self.why(any_site) == ""
		any_site.bench.restore()

	def test_the_switch_in_the_settings_stops_everything(self, any_site: SampleSite) -> None:
		any_site.set_single("Recovery Settings", repairs_stopped=1)
		assert self.why(any_site) == "Repairs are switched off in Recovery Settings."
		works = engine(any_site)
		with pytest.raises(RefusedError, match="Recovery Settings"):
			works.create(find_runbook("enable-scheduler"), {}, REQUESTER)

	def test_a_runbook_is_switched_off_by_itself(self, any_site: SampleSite) -> None:
		console = Console(any_site)
		console.data.insert(
			"Runbook", name="enable-scheduler", title="x", definition="x", is_standard=1, enabled=0
		)
		assert "enable-scheduler is switched off" in self.why(any_site)
		assert self.why(any_site, "resume-scheduler") == ""
		any_site.bench.restore()

	def test_the_file_stops_everything_also_without_a_database(self, site: SampleSite) -> None:
		stop = site.path / STOP
		stop.parent.mkdir(parents=True, exist_ok=True)
		stop.touch()
		site.set_config(db_name="gone")
		assert str(stop) in self.why(site)
		stop.unlink()
		assert self.why(site) == "", "a recovery must not need what it repairs"
		site.bench.restore()
