"""What break-glass kept beside a site is taken into it once, and whoever began it can go on there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from recovery_console.core.adopting import adopt_runs
from recovery_console.core.errors import ConsoleError, OutputError
from recovery_console.core.file_journal import FileJournal
from recovery_console.core.run import EntryKind, Run, RunState
from recovery_console.core.site import open_site
from recovery_console.core.site_journal import SiteJournal
from tests.faults import all_faults
from tests.faults.footprint import expect_same, take
from tests.support.console import Console
from tests.support.repairs import APPROVER, REQUESTER, engine, start, to_the_end
from tests.support.sample import SampleSite

MAILS = "email.stuck_in_sending_many"


@pytest.fixture
def broken(any_site: SampleSite) -> Iterator[SampleSite]:
	all_faults()[MAILS].breaks(any_site)
	yield any_site
	any_site.bench.restore()


def beside(site: SampleSite) -> Run:
	"""Begin a run beside the site, up to its first change."""
	works = engine(site)
	return start(works, all_faults()[MAILS].runbook, {}, site)


def adopt(site: SampleSite) -> list[str]:
	with open_site(site.bench.folder, site.name) as opened:
		return adopt_runs(opened)


def inside(site: SampleSite) -> SiteJournal:
	return SiteJournal(site.bench.folder, site.name)


def test_without_the_console_nothing_is_taken_in(broken: SampleSite) -> None:
	with pytest.raises(ConsoleError, match="not installed") as error:
		adopt(broken)
	assert "install-app recovery_console" in error.value.remedy


def test_adopting_twice_changes_nothing(broken: SampleSite) -> None:
	run = to_the_end(engine(broken), beside(broken), broken)
	Console(broken)
	assert adopt(broken) == [run.id]
	assert inside(broken).entries(run.id) == FileJournal(broken.path).entries(run.id)
	before = take(broken, set())
	assert adopt(broken) == []
	expect_same(before, take(broken, set()))
	assert inside(broken).load(run.id).state is RunState.SUCCEEDED


def test_a_run_in_the_middle_is_gone_on_with_in_the_site_and_only_there(broken: SampleSite) -> None:
	works, run = engine(broken), beside(broken)
	works.advance(run.id, REQUESTER)
	Console(broken)
	assert adopt(broken) == [run.id]
	with pytest.raises(OutputError, match="taken into the site"):
		to_the_end(works, works.journal.load(run.id), broken)
	there = engine(broken, journal=inside(broken))
	done = to_the_end(there, there.journal.load(run.id), broken)
	assert done.state is RunState.SUCCEEDED
	assert done.made == done.planned
	assert adopt(broken) == []


def test_a_run_that_somebody_is_at_work_on_is_left_for_the_next_time(broken: SampleSite) -> None:
	run = beside(broken)
	Console(broken)
	journal = FileJournal(broken.path)
	with journal.lock([f"run {run.id}"], run.id):
		assert adopt(broken) == []
	assert adopt(broken) == [run.id]


def test_one_that_is_not_whole_is_refused_and_the_others_are_taken_in(broken: SampleSite) -> None:
	runs = [beside(broken) for _ in range(4)]
	folder = FileJournal(broken.path).folder
	changed, garbled, torn, whole = (folder / f"{run.id}.jsonl" for run in runs)
	changed.write_text(changed.read_text().replace("a test", "a trick"))
	garbled.write_bytes(b"\xff\n" + garbled.read_bytes())
	torn.write_bytes(torn.read_bytes() + b'{"number": 9')
	Console(broken)
	with pytest.raises(ConsoleError) as error:
		adopt(broken)
	assert error.value.changed == "2 runs were taken in."
	assert all(name in error.value.message for name in (changed.stem, garbled.stem))
	assert set(inside(broken).run_ids()) == {torn.stem, whole.stem}
	with pytest.raises(ConsoleError) as error:
		adopt(broken)
	assert error.value.changed == "0 runs were taken in."


def test_what_the_site_has_otherwise_is_not_mixed(broken: SampleSite) -> None:
	run = beside(broken)
	Console(broken)
	mine = inside(broken)
	for entry in FileJournal(broken.path).entries(run.id)[:1]:
		mine.append(run.id, EntryKind.CREATED, {**entry.data, "reason": "another"}, entry.actor)
	with pytest.raises(ConsoleError, match="has another run"):
		adopt(broken)
	assert len(mine.entries(run.id)) == 1


def test_a_site_that_was_restored_takes_it_in_again(broken: SampleSite) -> None:
	run = beside(broken)
	Console(broken)
	adopt(broken)
	for doctype in ("Runbook Run", "Runbook Run Step", "Runbook Run Entry"):
		broken.sql(f"DELETE FROM `tab{doctype}`")
	assert adopt(broken) == [run.id]


def test_a_run_that_desk_began_is_finished_in_the_shell_and_taken_back_in_desk(broken: SampleSite) -> None:
	Console(broken)
	before = take(broken, set())
	desk = engine(broken, journal=inside(broken))
	run = start(desk, all_faults()[MAILS].runbook, {}, broken)
	run = desk.advance(run.id, REQUESTER)
	assert run.state is RunState.RUNNING
	shell = engine(broken, journal=inside(broken))
	run = to_the_end(shell, shell.journal.load(run.id), broken)
	assert run.state is RunState.SUCCEEDED
	assert {entry.actor for entry in desk.journal.entries(run.id)} == {REQUESTER.name, APPROVER.name}
	desk.undo(run.id, APPROVER)
	assert to_the_end(desk, desk.journal.load(run.id), broken).state is RunState.UNDONE
	after = take(broken, set())
	own = {"tabRunbook Run", "tabRunbook Run Step", "tabRunbook Run Entry", "tabRecovery Lock"}
	for footprint in (before, after):
		footprint.tables = {name: text for name, text in footprint.tables.items() if name not in own}
	expect_same(before, after)


def test_a_run_whose_adoption_was_cut_short_is_kept_in_one_place_only(broken: SampleSite) -> None:
	run = beside(broken)
	Console(broken)
	there = FileJournal(broken.path)
	inside(broken).write(run.id, there.entries(run.id))  # and killed before the file was closed
	assert adopt(broken) == []
	assert there.is_taken(run.id)
	with pytest.raises(OutputError, match="taken into the site"):
		there.append(run.id, EntryKind.NOTE, {}, "me")
