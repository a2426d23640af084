"""Files of a bench: read within it, within limits, and what may not be read is said."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from recovery_console.core.backends.files import Files, user_name
from recovery_console.core.bench import find_bench, read_frappe_version, site_names
from recovery_console.core.errors import NotFoundError, SourceUnavailable
from recovery_console.core.finding import Status
from recovery_console.core.runner import run_checks
from recovery_console.core.site import Site, open_site
from tests.support.planted_checks import planted
from tests.support.sample import SampleSite
from tests.support.unprivileged import as_nobody, let_others_pass


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Files]:
	"""The files of a bench whose folders everybody may pass."""
	site = tmp_path / "bench" / "sites" / "s"
	(site / "private" / "files").mkdir(parents=True)
	let_others_pass(tmp_path)
	yield Files(tmp_path / "bench", site)
	for folder in tmp_path.rglob("*"):
		if folder.is_dir():
			folder.chmod(0o755)


def kind_of(call: Callable[[], Any]) -> str:
	with pytest.raises(SourceUnavailable) as error:
		call()
	assert error.value.source == "files"
	assert error.value.remedy
	return error.value.kind


class TestReading:
	def test_a_file_is_described(self, files: Files) -> None:
		path = files.site / "a.txt"
		path.write_text("12345")
		path.chmod(0o640)
		os.utime(path, (0, 1_700_000_000))
		found = files.stat("a.txt")
		assert found is not None
		assert (found.path, found.size_bytes, found.mode, found.owner) == (path, 5, 0o640, os.geteuid())
		assert found.modified == datetime.fromtimestamp(1_700_000_000, timezone.utc)
		assert user_name(found.owner)
		assert user_name(4_000_000) == "4000000"

	def test_what_is_not_there_is_none_not_an_error(self, files: Files) -> None:
		(files.site / "file").touch()
		(files.site / "nowhere").symlink_to("gone")
		for path in ("gone", "gone/deeper", "file/deeper", "nowhere"):
			assert files.stat(path) is None
			assert not files.exists(path)
		assert files.exists("file")
		assert files.exists(files.bench / "sites")

	def test_a_folder_is_listed_newest_first(self, files: Files) -> None:
		for number, name in enumerate(("a.sql.gz", "b.sql.gz", "c.tar")):
			path = files.site / "private" / name
			path.touch()
			os.utime(path, (number, number))
		(files.site / "private" / "broken").symlink_to("gone")
		assert [file.path.name for file in files.list("private")] == ["c.tar", "b.sql.gz", "a.sql.gz"]
		assert [file.path.name for file in files.list("private", "*.gz")] == ["b.sql.gz", "a.sql.gz"]

	def test_the_end_of_a_large_file_is_read(self, files: Files) -> None:
		(files.site / "log").write_bytes(b"x" * 5000 + b"\xff\xe2\x82\xac end")
		assert files.read_text("log", 8) == "\ufffd€ end"
		assert files.read_bytes("log", 2) == b"xx"
		assert files.read_bytes("log", 3, from_end=True) == b"end"
		assert len(files.read_text("log")) == 5006

	def test_a_tree_is_walked_up_to_a_limit_without_following_links(self, files: Files) -> None:
		for name in ("b/2", "a/1", "a/0"):
			path = files.site / "private" / name
			path.parent.mkdir(exist_ok=True)
			path.touch()
		(files.site / "private" / "loop").symlink_to(".")
		found = [file.path.relative_to(files.site / "private") for file in files.walk("private", 100)]
		assert [str(path) for path in found if path.name != "loop"] == ["a/0", "a/1", "b/2"]
		assert len(list(files.walk("private", 2))) == 2

	def test_a_lock_counts_only_while_somebody_holds_it(self, files: Files) -> None:
		lock = files.site / "x.lock"
		assert not files.is_locked(lock)
		lock.touch()
		assert not files.is_locked(lock)
		with lock.open("w") as held:
			fcntl.flock(held, fcntl.LOCK_EX)
			assert files.is_locked(lock)
		assert not files.is_locked(lock)


class TestRefusals:
	@pytest.mark.parametrize(
		"path", ["../../../outside", "/etc/passwd", "private/../../../../etc", "../../../bench2"]
	)
	def test_what_lies_outside_of_the_bench_is_not_touched(self, files: Files, path: str) -> None:
		for call in (files.stat, files.read_text, files.list):
			assert kind_of(lambda call=call: call(path)) == "outside"  # type: ignore[misc]

	def test_what_is_not_there_cannot_be_read_or_listed(self, files: Files) -> None:
		for call in (files.read_text, files.list):
			assert kind_of(lambda call=call: call("gone")) == "missing"  # type: ignore[misc]
		assert kind_of(lambda: list(files.walk("gone", 1))) == "missing"
		assert kind_of(lambda: files.open_to_others("gone")) == "missing"

	def test_a_file_is_no_folder_and_a_folder_no_file(self, files: Files) -> None:
		(files.site / "file").touch()
		assert kind_of(lambda: files.list("file")) == "denied"
		assert kind_of(lambda: files.read_text("private")) == "denied"

	def test_what_may_not_be_read_is_said_with_the_user(self, files: Files) -> None:
		secret = files.site / "secret"
		secret.touch()
		secret.chmod(0)
		for call in (files.read_text, files.is_locked, lambda path: files.read_bytes(path, 1)):
			assert as_nobody(lambda call=call: kind_of(lambda: call("secret"))) == "denied"  # type: ignore[misc]
		with pytest.raises(SourceUnavailable, match="Permission denied") as error:
			as_nobody(lambda: files.read_text("secret"))
		assert "this ran as user" in error.value.remedy

	@pytest.mark.parametrize("mode", [0o000, 0o700, 0o744])
	def test_behind_a_closed_folder_nothing_is_called_missing(self, files: Files, mode: int) -> None:
		private = files.site / "private"
		(private / "there").touch()
		private.chmod(mode if os.geteuid() == 0 else mode & 0o077)
		calls: tuple[Callable[[], Any], ...] = (
			lambda: files.stat("private/there"),
			lambda: files.exists("private/not there"),
			lambda: files.read_text("private/there"),
			lambda: files.list("private"),
		)
		for call in calls:
			assert as_nobody(lambda call=call: kind_of(call)) == "denied"  # type: ignore[misc]

	def test_a_door_that_is_open_behind_a_closed_one_is_closed(self, files: Files) -> None:
		file = files.site / "private" / "file"
		file.touch()
		file.chmod(0o646)
		behind = [folder for folder in file.parents if not folder.stat().st_mode & 0o001]
		assert not behind, "the folders of this test must be open"
		assert files.open_to_others(file)
		assert files.open_to_others(file, write=True)
		assert files.open_to_others("private")
		file.parent.chmod(0o750)
		assert not files.open_to_others(file)
		assert not files.open_to_others("private")


class TestOfASite:
	def test_a_check_that_may_not_look_is_unknown(self, site: SampleSite) -> None:
		backups = site.path / "private" / "backups"
		let_others_pass(backups)
		backups.chmod(0o700 if os.geteuid() == 0 else 0)
		check = planted("backups.t", lambda _check, site: iter(site.files.list("private/backups") and ()))

		def look() -> tuple[Status, str]:
			opened = open_site(site.bench.folder, site.name)
			(result,) = run_checks(opened, [check()])
			return result.status, str(result.reason)

		open_site(site.bench.folder, site.name)  # what it imports, the child may not be able to
		try:
			status, reason = as_nobody(look)
		finally:
			backups.chmod(0o755)
		assert status is Status.UNKNOWN
		assert "Permission denied" in reason

	def test_a_bench_that_may_not_be_entered_is_said(self, tmp_path: Path) -> None:
		closed = tmp_path / "closed"
		(closed / "bench" / "sites").mkdir(parents=True)
		(closed / "bench" / "apps").mkdir()
		let_others_pass(tmp_path)
		closed.chmod(0o700 if os.geteuid() == 0 else 0)
		try:
			with pytest.raises(NotFoundError) as error:
				as_nobody(lambda: find_bench(closed / "bench"))
		finally:
			closed.chmod(0o755)
		assert "bench's user" in error.value.remedy

	def test_sites_are_folders_with_a_configuration(self, site: SampleSite, tmp_path: Path) -> None:
		assert site_names(site.bench.folder) == [site.name]
		assert site_names(tmp_path / "gone") == []

	@pytest.mark.parametrize(
		("source", "version", "major"),
		[
			('__version__ = "15.44.2"', "15.44.2", 15),
			("__version__='16.0.0-dev'\n", "16.0.0-dev", 16),
			("import x\n", "", 0),
			("# __version__ = '1'", "", 0),
			("__version__ = 'next'", "next", 0),
			(None, "", 0),
		],
	)
	def test_the_version_is_read_from_the_source(
		self, site: SampleSite, source: str | None, version: str, major: int
	) -> None:
		file = site.bench.folder / "apps" / "frappe" / "frappe" / "__init__.py"
		file.unlink() if source is None else file.write_text(source)
		assert read_frappe_version(site.bench.folder) == version
		with open_site(site.bench.folder, site.name) as opened:
			assert isinstance(opened, Site)
			assert (opened.frappe_version, opened.frappe_major) == (version, major)
