"""Both journals keep what they are given, in order, sealed, whatever happens around them."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from recovery_console.core import site_journal
from recovery_console.core.edits import ConfigEdit, Edit, FileText
from recovery_console.core.errors import ConsoleError, OutputError
from recovery_console.core.file_journal import FileJournal
from recovery_console.core.finding import Subject
from recovery_console.core.journal import Journal, LockedError, look_at_seals
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.run import Entry, EntryKind
from recovery_console.core.site import open_site
from recovery_console.core.site_journal import SiteJournal
from tests.conftest import Samples
from tests.support.console import Console
from tests.support.sample import SampleSite

RUN = "RC-RUN-20261122-0000000A"
OTHER = "RC-RUN-20261122-0000000B"
CREATED: dict[str, Any] = {
	"runbook": "bake-bread",
	"title": "Bake <b>bread</b>",
	"site": "erp.example.org",
	"reason": "hungry",
	"parameters": {"$": "map", "v": {"password": "hunter2", "names": ["a"]}},
	"verify": [],
	"before": {},
	"steps": [{"kind": "manual", "title": "Heat <the> oven"}],
}
NOTES = [
	"",
	"ä\u2028\u2029\u0085\x1c\x00",
	"\ud800",
	"🍞" * 1000,
	"'; DROP TABLE `tabUser`; --",
	"x" * 200_000,
]


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


def note(journal: Journal, text: str, run: str = RUN) -> Entry:
	return journal.append(run, EntryKind.NOTE, {"text": text}, "me@example.org")


def begin(journal: Journal, run: str = RUN) -> Entry:
	return journal.append(run, EntryKind.CREATED, CREATED, "me@example.org")


def children(*works: Callable[[], object]) -> list[int]:
	"""Do things in processes of their own at once; their exit statuses."""
	pids = []
	for work in works:
		pid = os.fork()
		if pid == 0:
			try:
				work()
				os._exit(0)
			except BaseException:  # noqa: BLE001 (a child ends here, whatever happens)
				traceback.print_exc(file=sys.__stderr__)
				os._exit(1)
		pids.append(pid)
	return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]


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


class TestSite:
	@pytest.fixture
	def site(self, any_site: SampleSite) -> Iterator[SampleSite]:
		self.console = Console(any_site)
		yield any_site
		any_site.bench.restore()

	@pytest.fixture
	def journal(self, site: SampleSite) -> SiteJournal:
		return SiteJournal(site.bench.folder, site.name)

	def test_it_is_there_once_the_console_is_installed(self, any_site: SampleSite) -> None:
		with open_site(any_site.bench.folder, any_site.name) as opened:
			assert not SiteJournal.is_installed(opened)
		Console(any_site)
		with open_site(any_site.bench.folder, any_site.name) as opened:
			assert SiteJournal.is_installed(opened)
		any_site.bench.restore()

	def test_desk_shows_the_run_without_secrets_and_without_markup(
		self, site: SampleSite, journal: SiteJournal
	) -> None:
		begin(journal)
		journal.append(RUN, EntryKind.STATE, {"state": "Paused", "said": "password=hunter2 <b>"}, "me")
		[row] = self.console.data.rows("Runbook Run")
		assert (row["name"], row["state"], row["runbook"]) == (RUN, "Paused", "bake-bread")
		[step] = self.console.data.rows("Runbook Run Step")
		assert (step["parent"], step["title"], step["idx"]) == (RUN, "Heat \u2039the\u203a oven", 1)
		assert "hunter2" not in json.dumps([row, step], default=str)
		assert "<" not in f"{row['title']}{row['said']}{step['title']}"
		assert self.console.data.count("Runbook Run Entry") == 2

	def test_a_backup_of_the_site_tells_no_password_and_the_journal_does(
		self, site: SampleSite, journal: SiteJournal
	) -> None:
		begin(journal)
		edits: tuple[Edit, ...] = (
			ConfigEdit("site", "db_password", "swordfish", "swordfish"),
			FileText("sites/x.json", b"swordfish", b"swordfish"),
		)
		plan = Plan("a.b", {}, "x", site.bench.now, (Batch(Subject("X", "1"), edits),))
		journal.append(RUN, EntryKind.PLANNED, {"step": 0, "plan": plan.as_dict()}, "me")
		rows = [
			self.console.data.rows(name) for name in ("Runbook Run", "Runbook Run Step", "Runbook Run Entry")
		]
		for secret in ("swordfish", base64.b64encode(b"swordfish").decode()):
			assert secret not in json.dumps(rows, default=str)
		assert journal.load(RUN).steps[0].plan == plan
		key = site.path / "private" / "recovery_console" / "journal.key"
		assert key.stat().st_mode & 0o777 == 0o600
		key.unlink()
		with pytest.raises(ConsoleError, match="locked with a key"):
			journal.load(RUN)

	def test_a_changed_row_is_not_believed(self, site: SampleSite, journal: SiteJournal) -> None:
		begin(journal)
		note(journal, "a")
		for column, value in (("actor", "you"), ("data", "{}"), ("data", "{"), ("number", 3), ("seal", "x")):
			old = self.console.data.rows("Runbook Run Entry", {"name": f"{RUN}-000002"})[0][column]
			self.console.data.update("Runbook Run Entry", f"{RUN}-000002", **{column: value})
			with pytest.raises(ConsoleError, match="was changed"):
				journal.load(RUN)
			self.console.data.update("Runbook Run Entry", f"{RUN}-000002", **{column: old})
		assert journal.load(RUN).entries == 2

	def test_a_database_that_is_gone_is_told_and_found_again(
		self, site: SampleSite, journal: SiteJournal
	) -> None:
		begin(journal)
		name = site.config()["db_name"]
		site.set_config(db_name="gone")
		other = SiteJournal(site.bench.folder, site.name)
		for ask in (lambda: note(other, "x"), lambda: other.entries(RUN), lambda: other.last(RUN)):
			with pytest.raises(OutputError, match="cannot be kept in the site"):
				ask()
		site.set_config(db_name=name)
		assert note(other, "x").number == 2

	def lock(self, site: SampleSite, holder: str, age: timedelta) -> None:
		now = _now(site)
		self.console.data.insert(
			"Recovery Lock", name="oven", run=OTHER, holder=holder, creation=now - age, modified=now - age
		)

	def test_a_lock_of_another_machine_holds_while_it_gives_signs_of_life(
		self, site: SampleSite, journal: SiteJournal
	) -> None:
		self.lock(site, "another:7", site_journal.STALE - timedelta(minutes=5))
		refused = pytest.raises(LockedError, match=f"Run {OTHER} is at work on oven \\(another:7\\)")
		with refused, journal.lock(["bread", "oven"], RUN):
			raise AssertionError
		assert self.console.data.count("Recovery Lock") == 1, "bread was given back"

	def test_a_lock_of_another_machine_that_fell_silent_is_taken_over(
		self, site: SampleSite, journal: SiteJournal
	) -> None:
		self.lock(site, "another:7", site_journal.STALE + timedelta(minutes=5))
		with journal.lock(["oven"], RUN):
			[row] = self.console.data.rows("Recovery Lock")
			assert row["run"] == RUN
		assert self.console.data.count("Recovery Lock") == 0

	@pytest.mark.parametrize(
		("process", "minutes", "holds"),
		[("1", 5, True), ("1", 40, False), ("4194300", 0, False), ("x", 0, False)],
	)
	def test_a_lock_of_this_machine_ends_with_its_process_or_with_time(
		self, site: SampleSite, journal: SiteJournal, process: str, minutes: int, holds: bool
	) -> None:
		self.lock(site, f"{site_journal.socket.gethostname()}:{process}", timedelta(minutes=minutes))
		if holds:
			with pytest.raises(LockedError), journal.lock(["oven"], RUN):
				raise AssertionError
			return
		with journal.lock(["oven"], RUN):
			pass

	def test_an_entry_is_a_sign_of_life(self, site: SampleSite, journal: SiteJournal) -> None:
		begin(journal)
		with journal.lock(["oven"], RUN):
			self.console.data.update("Recovery Lock", "oven", modified=_now(site) - timedelta(hours=2))
			note(journal, "still here")
			[row] = self.console.data.rows("Recovery Lock")
			assert str(row["modified"]) > str(_now(site) - timedelta(minutes=5))

	def test_what_was_taken_over_is_not_given_back(self, site: SampleSite, journal: SiteJournal) -> None:
		with journal.lock(["oven"], RUN):
			self.console.data.update("Recovery Lock", "oven", holder="another:7", run=OTHER)
		[row] = self.console.data.rows("Recovery Lock")
		assert row["run"] == OTHER


def _now(site: SampleSite) -> Any:
	"""The machine's time as the site's columns hold it: a journal has no other clock."""
	with open_site(site.bench.folder, site.name) as opened:
		return opened.db_time(opened.now())
