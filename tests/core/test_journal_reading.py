"""A journal reads what it knows already only once, and believes no other run's entries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recovery_console.core.errors import ConsoleError
from recovery_console.core.file_journal import FileJournal
from recovery_console.core.journal import Journal
from recovery_console.core.run import Entry, EntryKind, RunState
from recovery_console.core.site_journal import SiteJournal
from tests.support.console import Console
from tests.support.journals import CREATED, RUN, begin, note
from tests.support.sample import SampleSite


class Counting(FileJournal):
	"""Counts the entries that it reads."""

	read = 0

	def entries(self, run_id: str, after: int = 0) -> list[Entry]:
		found = super().entries(run_id, after)
		self.read += len(found)
		return found


def paused(journal: Journal) -> Entry:
	return journal.append(RUN, EntryKind.STATE, {"state": "Paused", "said": ""}, "you")


def test_what_is_known_is_not_read_again(tmp_path: Path) -> None:
	journal = Counting(tmp_path)
	begin(journal)
	for number in range(50):
		note(journal, str(number))
		assert journal.load(RUN).entries == number + 2
	assert journal.read < 160, "it grows with the square of the entries"


def test_what_another_process_wrote_is_seen(tmp_path: Path) -> None:
	journal = FileJournal(tmp_path)
	begin(journal)
	assert journal.load(RUN).state is RunState.PLANNED
	paused(FileJournal(tmp_path))
	assert journal.load(RUN).state is RunState.PAUSED


@pytest.mark.parametrize(("old", "new"), [(b'"text": "b"', b'"text": "c"'), (b'"number": 3', b'"number": 4')])
def test_a_change_of_the_last_entry_is_seen_all_the_same(tmp_path: Path, old: bytes, new: bytes) -> None:
	journal = FileJournal(tmp_path)
	begin(journal)
	note(journal, "a")
	note(journal, "b")
	journal.load(RUN)
	path = journal.folder / f"{RUN}.jsonl"
	path.write_bytes(path.read_bytes().replace(old, new))
	with pytest.raises(ConsoleError, match="is missing or was changed"):
		journal.load(RUN)


class TestSite:
	@pytest.fixture
	def journal(self, any_site: SampleSite) -> Iterator[SiteJournal]:
		self.console = Console(any_site)
		yield SiteJournal(any_site.bench.folder, any_site.name)
		any_site.bench.restore()

	def test_an_id_in_other_letters_is_no_run(self, journal: SiteJournal) -> None:
		begin(journal)
		for name in (RUN.lower(), f"{RUN} "):
			with pytest.raises(ConsoleError, match=f"There is no run {name}"):
				journal.load(name)

	def test_no_name_brings_markup_into_desk(self, journal: SiteJournal) -> None:
		begin(journal)
		agreed = {"reason": "", "digest": "", "expires": "2030-01-01T00:00:00+00:00", "step": -1}
		journal.append(RUN, EntryKind.APPROVED, agreed, "<img src=x onerror=alert(1)> (named by shell:me)")
		[row] = self.console.data.rows("Runbook Run")
		assert "<" not in str(row["approved_by"])

	def test_half_a_letter_in_a_reason_is_no_trouble(self, journal: SiteJournal) -> None:
		journal.append(RUN, EntryKind.CREATED, {**CREATED, "reason": "because \ud800"}, "me")
		assert [row["reason"] for row in self.console.data.rows("Runbook Run")] == ["because ?"]
