"""The journal in the site's own tables: what Desk shows, and what two processes do to each other."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from recovery_console.core import site_journal
from recovery_console.core.edits import ConfigEdit, Edit, FileText
from recovery_console.core.errors import ConsoleError, OutputError
from recovery_console.core.finding import Subject
from recovery_console.core.journal import LockedError
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.run import EntryKind
from recovery_console.core.site import open_site
from recovery_console.core.site_journal import SiteJournal
from tests.support.console import Console
from tests.support.journals import OTHER, RUN, begin, note
from tests.support.sample import SampleSite


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
