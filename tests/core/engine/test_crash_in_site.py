"""A run that the site keeps and that is killed at any boundary is taken up again by another process, once."""

from __future__ import annotations

import os
import signal

import pytest

from recovery_console.core.engine import Engine
from recovery_console.core.run import Run, RunState
from recovery_console.core.site_journal import SiteJournal
from tests.conftest import USUAL_FRAPPE, Samples
from tests.core.engine.test_crash import expect_made_once, in_child, tables_of
from tests.faults import all_faults
from tests.faults.footprint import Footprint, take
from tests.support.console import Console
from tests.support.repairs import engine, start, to_the_end
from tests.support.sample import SampleSite

MAILS = "email.stuck_in_sending_many"
OWN = {"tabRunbook Run", "tabRunbook Run Step", "tabRunbook Run Entry", "tabRecovery Lock"}


def planned(samples: Samples, database: str) -> tuple[SampleSite, Run]:
	site = samples.site(database, USUAL_FRAPPE[database])
	all_faults()[MAILS].breaks(site)
	Console(site)
	works = in_site(site)
	return site, start(works, all_faults()[MAILS].runbook, {}, site)


def in_site(site: SampleSite, kill_at: int = 0, names: list[str] | None = None) -> Engine:
	count = 0

	def on_boundary(name: str) -> None:
		nonlocal count
		count += 1
		if names is not None:
			names.append(name)
		if count == kill_at:
			os.kill(os.getpid(), signal.SIGKILL)

	return engine(site, journal=SiteJournal(site.bench.folder, site.name), on_boundary=on_boundary)


def without_own(footprint: Footprint) -> Footprint:
	footprint.tables = {name: text for name, text in footprint.tables.items() if name not in OWN}
	return footprint


@pytest.mark.parametrize("database", ["sqlite", "mariadb", "postgres"])
def test_a_run_that_the_site_keeps_is_taken_up_again(
	database: str, samples: Samples, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
	if database not in pytestconfig.getoption("--databases").split(","):
		pytest.skip(f"{database} was left out with --databases")
	monkeypatch.setattr("tests.core.engine.test_crash.take", lambda *args: without_own(take(*args)))
	names: list[str] = []
	site, run = planned(samples, database)
	works = in_site(site, names=names)
	to_the_end(works, works.journal.load(run.id), site)
	points = range(1, len(names) + 1)
	if database != "sqlite":  # the last of each kind
		points = sorted({name: number for number, name in enumerate(names, 1)}.values())  # type: ignore[assignment]
	for number in points:
		site, run = planned(samples, database)
		before = without_own(take(site, tables_of(run)))

		def work(site: SampleSite = site, run: Run = run, number: int = number) -> None:
			works = in_site(site, kill_at=number)
			to_the_end(works, works.journal.load(run.id), site)

		assert in_child(work) == -signal.SIGKILL, names[number - 1]
		works = in_site(site)
		done = to_the_end(works, works.journal.load(run.id), site)
		assert done.state is RunState.SUCCEEDED, (names[number - 1], done.said)
		made = [entry for entry in works.journal.entries(run.id) if entry.kind.value == "made"]
		batches = [batch for entry in made for batch in entry.data["outcomes"]]
		assert len(batches) == len(set(batches)) == done.planned, names[number - 1]
		if number == points[-1] or names[number - 1] == "making":
			monkeypatch.setattr("tests.core.engine.test_crash.engine", lambda site: in_site(site))
			expect_made_once(site, done, before, names[number - 1])
	samples.site(database).bench.restore()
