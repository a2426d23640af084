"""A site as a check sees it: read-only, opened when needed, and shared facts read once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from recovery_console.core.bench import find_bench
from recovery_console.core.errors import NotFoundError, SourceUnavailable
from recovery_console.core.site import Site, open_site
from tests.support.sample import SampleSite


@pytest.fixture
def opened(site: SampleSite) -> Iterator[Site]:
	with open_site(site.bench.folder, site.name) as opened:
		yield opened


class TestOpening:
	def test_connects_to_nothing(self, site: SampleSite) -> None:
		site.set_config(db_name="gone")
		site.bench.set_common_config(redis_cache="redis://127.0.0.1:1", redis_queue="redis://127.0.0.1:1")
		with open_site(site.bench.folder, site.name) as opened:
			assert (opened.name, opened.path, opened.bench) == (site.name, site.path, site.bench.folder)

	@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../x", "assets", "nowhere", "apps.txt"])
	def test_refuses_what_is_no_site_and_names_those_that_are(self, site: SampleSite, name: str) -> None:
		with pytest.raises(NotFoundError) as error:
			open_site(site.bench.folder, name)
		assert site.name in error.value.remedy

	def test_finds_the_bench_from_any_folder_in_it(self, site: SampleSite) -> None:
		for folder in (
			site.bench.folder,
			site.path / "private" / "files",
			site.bench.folder / "apps" / "frappe",
		):
			assert find_bench(folder) == site.bench.folder

	def test_finds_it_through_a_link_and_from_home(
		self, site: SampleSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
	) -> None:
		(tmp_path / "link").symlink_to(site.bench.folder)
		monkeypatch.setenv("HOME", str(tmp_path))
		assert find_bench(Path("~/link")) == site.bench.folder

	def test_a_link_to_itself_is_no_bench(self, tmp_path: Path) -> None:
		(tmp_path / "loop").symlink_to(tmp_path / "loop")
		with pytest.raises(NotFoundError):
			find_bench(tmp_path / "loop")

	def test_a_user_without_home_is_no_bench(self) -> None:
		with pytest.raises(NotFoundError, match="cannot be read"):
			find_bench(Path("~no_such_user_at_all/bench"))


class TestFacts:
	def test_of_single_doctypes(self, site: SampleSite, opened: Site) -> None:
		site.set_single(
			"System Settings", session_expiry="6:00", email_retry_limit="5", enable_scheduler="1.0"
		)
		site.set_single("System Settings", login_with_email_link_expiry="soon")
		assert opened.single("System Settings", "session_expiry") == "6:00"
		assert opened.single("System Settings", "never_saved") is None
		assert opened.single("No Such", "field") is None
		assert opened.single_int("System Settings", "email_retry_limit", 3) == 5
		assert opened.single_int("System Settings", "enable_scheduler") == 1
		assert opened.single_int("System Settings", "never_saved", 3) == 3
		assert opened.single_int("System Settings", "login_with_email_link_expiry", 10) == 10

	def test_of_defaults(self, site: SampleSite, opened: Site) -> None:
		site.set_default("suspend_email_queue", "1")
		assert opened.default("suspend_email_queue") == "1"
		assert opened.default("no_such_default") is None

	@pytest.mark.parametrize(
		("stored", "expected"),
		[
			('["frappe", "erpnext"]', ("frappe", "erpnext")),
			("[]", ()),
			("not json", ()),
			('{"frappe": 1}', ()),
			("null", ()),
			("[1]", ("1",)),
		],
	)
	def test_of_installed_apps_also_where_the_list_is_damaged(
		self, site: SampleSite, stored: str, expected: tuple[str, ...]
	) -> None:
		site.update("DefaultValue", {"defkey": "installed_apps", "parent": "__global"}, defvalue=stored)
		with open_site(site.bench.folder, site.name) as opened:
			assert opened.installed_apps() == expected

	def test_the_id_of_the_bench(self, site: SampleSite, opened: Site) -> None:
		assert opened.bench_id == site.bench_id == opened.queue.bench_id


class TestRemembering:
	def test_is_shared_by_all_views_and_read_once_even_at_the_same_time(self, opened: Site) -> None:
		reads: list[int] = []
		barrier = threading.Barrier(6)

		def read() -> str:
			reads.append(1)
			return "fact"

		def look() -> None:
			barrier.wait(5)
			answers.append(opened.view().remember("a", read))

		answers: list[str] = []
		threads = [threading.Thread(target=look) for _ in range(6)]
		for thread in threads:
			thread.start()
		for thread in threads:
			thread.join(10)
		assert answers == ["fact"] * 6
		assert len(reads) == 1

	def test_what_could_not_be_read_is_tried_again(self, opened: Site) -> None:
		def fails() -> str:
			raise SourceUnavailable("database", "down", remedy="start it")

		with pytest.raises(SourceUnavailable):
			opened.remember("a", fails)
		assert opened.remember("a", lambda: "later") == "later"
		assert opened.remember("a", fails) == "later"

	def test_a_fact_may_need_another(self, opened: Site) -> None:
		assert opened.remember("a", lambda: opened.remember("b", lambda: 1) + 1) == 2
