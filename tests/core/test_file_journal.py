"""The journal in files: half a line, changed lines, foreign files, files of root."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from recovery_console.core.errors import ConsoleError, OutputError
from recovery_console.core.file_journal import FileJournal
from tests.support.journals import OTHER, RUN, begin, note


class TestFile:
	@pytest.fixture
	def journal(self, tmp_path: Path) -> FileJournal:
		journal = FileJournal(tmp_path)
		begin(journal)
		return journal

	def path(self, journal: FileJournal) -> Path:
		return journal.folder / f"{RUN}.jsonl"

	@pytest.mark.parametrize("torn", [b"{", b'{"number": 2, "at": "2026', b"\xff" * 200_000])
	def test_half_a_line_is_passed_over_and_cut_off(self, journal: FileJournal, torn: bytes) -> None:
		with self.path(journal).open("ab") as file:
			file.write(torn)
		assert [entry.number for entry in journal.entries(RUN)] == [1]
		last = journal.last(RUN)
		assert last is not None
		assert last.number == 1
		note(journal, "after")
		assert [entry.number for entry in journal.entries(RUN)] == [1, 2]
		assert len(self.path(journal).read_bytes().splitlines()) == 2

	@pytest.mark.parametrize(
		("old", "new"),
		[
			(b"hungry", b"greedy"),
			(b"me@example.org", b"you@example.org"),
			(b'"number": 1', b'"number": 2'),
			(b"{", b"["),
			(b'"kind"', b'"kinds"'),
			(b'"created"', b'"baked"'),
			(b'"at": "20', b'"at": "x'),
		],
	)
	def test_a_changed_line_is_not_believed(self, journal: FileJournal, old: bytes, new: bytes) -> None:
		path = self.path(journal)
		path.write_bytes(path.read_bytes().replace(old, new, 1))
		with pytest.raises(ConsoleError, match="was changed"):
			journal.load(RUN)

	def test_a_line_that_was_taken_out_is_missed(self, journal: FileJournal) -> None:
		for text in ("a", "b"):
			note(journal, text)
		lines = self.path(journal).read_bytes().splitlines(keepends=True)
		self.path(journal).write_bytes(lines[0] + lines[2])
		with pytest.raises(ConsoleError, match="is missing or was changed"):
			journal.load(RUN)

	def test_a_journal_without_a_beginning_tells_nothing(self, journal: FileJournal) -> None:
		note(journal, "x", OTHER)
		with pytest.raises(ConsoleError, match="does not tell how it began"):
			journal.load(OTHER)

	def test_it_is_closed_to_others(self, journal: FileJournal) -> None:
		assert self.path(journal).stat().st_mode & 0o777 == 0o600
		assert journal.folder.stat().st_mode & 0o777 == 0o700

	@pytest.mark.parametrize("name", ["", "../x", "a/b", "RC RUN", "rc-run", "X" * 80, "RC-RUN-1\n"])
	def test_a_name_that_is_none_is_refused(self, journal: FileJournal, name: str) -> None:
		for ask in (journal.entries, journal.last, lambda run: note(journal, "x", run)):
			with pytest.raises(OutputError, match="not the name of a run"):
				ask(name)

	def test_other_files_in_the_folder_are_left_alone(self, journal: FileJournal) -> None:
		for name in ("copy of a run.jsonl", "notes.txt", f"{RUN}.taken"):
			(journal.folder / name).write_text("x")
		assert journal.run_ids() == [RUN]

	def test_one_that_the_site_took_in_grows_no_more(self, journal: FileJournal) -> None:
		journal.mark_taken(RUN)
		journal.mark_taken(RUN)
		with pytest.raises(OutputError, match="taken into the site"):
			note(journal, "x")
		assert [entry.number for entry in journal.entries(RUN)] == [1]

	@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
	def test_what_root_writes_belongs_to_the_benchs_user(self, tmp_path: Path) -> None:
		os.chown(tmp_path, 12345, 12346)
		(tmp_path / "private").mkdir()
		os.chown(tmp_path / "private", 12345, 12346)
		journal = FileJournal(tmp_path)
		begin(journal)
		with journal.lock(["oven"], RUN):
			pass
		journal.mark_taken(RUN)
		owners = {(path.stat().st_uid, path.stat().st_gid) for path in (tmp_path / "private").rglob("*")}
		assert owners == {(12345, 12346)}

	@pytest.mark.skipif(os.geteuid() != 0, reason="another user is needed")
	def test_one_that_may_not_be_read_says_so(self, journal: FileJournal, tmp_path: Path) -> None:
		code = (
			"import os, sys, pathlib\n"
			"from recovery_console.core.errors import OutputError\n"
			"from recovery_console.core.file_journal import FileJournal\n"
			"os.setuid(12345)\n"
			"j = FileJournal(pathlib.Path(sys.argv[1]))\n"
			"for ask in (j.entries, j.last):\n"
			"\ttry: ask(sys.argv[2])\n"
			"\texcept OutputError as error: assert 'cannot be read' in str(error)\n"
			"\telse: raise SystemExit(5)\n"
		)
		command = [sys.executable, "-c", code, str(tmp_path), RUN]
		done = subprocess.run(command, capture_output=True, text=True, check=False)
		assert done.returncode == 0, done.stderr
