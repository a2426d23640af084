"""Both journals keep what they are given, in order, sealed, whatever happens around them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recovery_console.core.errors import ConsoleError
from recovery_console.core.file_journal import FileJournal
from recovery_console.core.journal import Journal, LockedError, look_at_seals
from recovery_console.core.site_journal import SiteJournal
from tests.conftest import Samples
from tests.support.console import Console
from tests.support.forks import children
from tests.support.journals import NOTES, OTHER, RUN, begin, note


@pytest.fixture(params=["file", "sqlite", "mariadb", "postgres"])
def open_journal(
	request: pytest.FixtureRequest, samples: Samples, tmp_path: Path
) -> Iterator[Callable[[], Journal]]:
	"""Opens a journal, as another process would."""
	if request.param == "file":
		yield lambda: FileJournal(tmp_path)
		return
	if request.param not in request.config.getoption("--databases").split(","):
		pytest.skip(f"{request.param} was left out with --databases")
	site = samples.site(request.param)
	Console(site)
	yield lambda: SiteJournal(site.bench.folder, site.name)
	site.bench.restore()


@pytest.fixture
def journal(open_journal: Callable[[], Journal]) -> Journal:
	return open_journal()


def test_entries_come_back_as_they_were_in_order(open_journal: Callable[[], Journal]) -> None:
	journal = open_journal()
	assert journal.last(RUN) is None
	assert journal.entries(RUN) == []
	written = [begin(journal), *(note(journal, text) for text in NOTES)]
	again = open_journal()
	assert again.entries(RUN) == written
	assert again.last(RUN) == written[-1]
	assert [entry.number for entry in written] == list(range(1, len(NOTES) + 2))
	look_at_seals(RUN, written)
	run = again.load(RUN)
	assert (run.runbook, run.requested_by, run.entries) == ("bake-bread", "me@example.org", len(written))


def test_a_run_that_is_not_there_is_told(journal: Journal) -> None:
	with pytest.raises(ConsoleError, match=f"no run {OTHER}"):
		journal.load(OTHER)


def test_runs_are_listed_newest_first(journal: Journal) -> None:
	assert journal.run_ids() == []
	begin(journal)
	time.sleep(0.02)
	begin(journal, OTHER)
	assert journal.run_ids() == [OTHER, RUN]
	assert journal.run_ids(most=1) == [OTHER]


def test_two_that_write_at_once_lose_nothing(open_journal: Callable[[], Journal]) -> None:
	begin(open_journal())

	def write(who: str) -> Callable[[], None]:
		def work() -> None:
			journal = open_journal()
			for number in range(15):
				note(journal, f"{who} {number}")

		return work

	def begin_others() -> None:
		journal = open_journal()
		for number in range(10):
			begin(journal, f"RC-RUN-20261122-{os.getpid() % 1000:04d}{number:04d}")

	assert children(write("a"), write("b"), begin_others, begin_others) == [0, 0, 0, 0]
	entries = open_journal().entries(RUN)
	assert [entry.number for entry in entries] == list(range(1, 32))
	look_at_seals(RUN, entries)
	said = [entry.data["text"] for entry in entries[1:]]
	assert sorted(said) == sorted(f"{who} {number}" for who in "ab" for number in range(15))


class TestLocks:
	def test_what_somebody_holds_is_not_given_to_another(self, open_journal: Callable[[], Journal]) -> None:
		def refused() -> None:
			with pytest.raises(LockedError, match="at work on oven"), open_journal().lock(["oven"], OTHER):
				raise AssertionError("two hold the oven")
			with open_journal().lock(["bread"], OTHER):
				pass

		with open_journal().lock(["oven", "flour"], RUN):
			assert children(refused) == [0]
			refused()
		with open_journal().lock(["flour", "oven"], OTHER):
			pass

	def test_where_one_is_held_none_is_taken(self, open_journal: Callable[[], Journal]) -> None:
		with open_journal().lock(["oven"], RUN):
			with pytest.raises(LockedError), open_journal().lock(["bread", "oven"], OTHER):
				raise AssertionError("two hold the oven")
			with open_journal().lock(["bread"], OTHER):
				pass

	def test_a_lock_ends_with_the_process_that_holds_it(self, open_journal: Callable[[], Journal]) -> None:
		def die() -> None:
			with open_journal().lock(["oven"], RUN):
				os.kill(os.getpid(), signal.SIGKILL)

		assert children(die) == [-signal.SIGKILL]
		with open_journal().lock(["oven"], OTHER):
			pass

	def test_one_of_many_gets_it(self, open_journal: Callable[[], Journal], tmp_path: Path) -> None:
		def race() -> None:
			journal = open_journal()
			for _ in range(10):
				try:
					with journal.lock(["oven"], RUN):
						handle = os.open(tmp_path / "held", os.O_CREAT | os.O_EXCL)
						time.sleep(0.01)
						os.unlink(tmp_path / "held")
						os.close(handle)
				except LockedError:
					time.sleep(0.005)

		assert children(race, race, race) == [0, 0, 0]
