"""File edits: whole or not at all, and never outside the bench."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from recovery_console.core.edits import ABSENT, Edit, FileMode, FileMove, FileRemoval, FileText
from recovery_console.core.making import Made
from tests.core.making._batches import made_and_undone, make, undo
from tests.support.sample import SampleSite


@pytest.fixture
def folder(site: SampleSite) -> Iterator[Path]:
	made = site.bench.folder / "oven"
	made.mkdir()
	(made / "a").write_bytes(b"\xffold")
	(made / "a").chmod(0o640)
	yield made
	site.bench.restore()


def content(folder: Path) -> dict[str, tuple[bytes, int]]:
	return {
		str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mode & 0o7777)
		for path in sorted(folder.rglob("*"))
		if path.is_file()
	}


EDITS: list[Edit] = [
	FileText("oven/a", b"\xffold", b"new"),
	FileText("oven/a", b"\xffold", ABSENT, 0o640),
	FileText("oven/deep/b", ABSENT, b"", 0o600),
	FileMove("oven/a", "oven/deep/er/b"),
	FileMode("oven/a", 0o640, 0o600),
]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.kind)
def test_a_file_is_changed_and_put_back(site: SampleSite, folder: Path, edit: Edit) -> None:
	before = content(folder)
	made_and_undone(site, edit)
	assert content(folder) == before


def test_a_new_file_is_closed_and_an_old_one_keeps_its_rights_and_owner(
	site: SampleSite, folder: Path
) -> None:
	if os.geteuid() == 0:
		os.chown(folder / "a", 12345, 12346)
	make(site, FileText("oven/a", b"\xffold", b"new"), FileText("oven/b", ABSENT, b"new"))
	a, b = ((folder / name).stat() for name in "ab")
	assert (a.st_mode & 0o777, b.st_mode & 0o777) == (0o640, 0o600)
	assert os.geteuid() != 0 or (a.st_uid, a.st_gid) == (12345, 12346)
	assert {path.name for path in folder.iterdir()} == {"a", "b"}, "nothing temporary is left"


@pytest.mark.parametrize(
	"edit",
	[
		FileText("oven/a", b"other", b"new"),
		FileText("oven/a", ABSENT, b"new"),
		FileText("oven/none", b"x", b"new"),
		FileMove("oven/none", "oven/b"),
		FileMove("oven/a", "oven/taken"),
		FileMode("oven/a", 0o600, 0o644),
		FileMode("oven/none", 0o600, 0o644),
		FileRemoval("oven/a", 5, 1),
	],
	ids=lambda edit: edit.kind,
)
def test_what_somebody_else_changed_is_left_alone(site: SampleSite, folder: Path, edit: Edit) -> None:
	(folder / "taken").write_bytes(b"x")
	before = content(folder)
	assert make(site, FileText("oven/first", ABSENT, b"x"), edit).made is Made.MOVED
	assert content(folder) == before


def test_a_removal_is_for_good_and_only_of_the_file_that_was_planned(site: SampleSite, folder: Path) -> None:
	there = (folder / "a").stat()
	edit = FileRemoval("oven/a", there.st_size, there.st_mtime_ns)
	assert make(site, edit).made is Made.MADE
	assert make(site, edit).made is Made.ALREADY
	assert content(folder) == {}


OUTSIDE = ["../x", "/etc/hostname", "oven/../../x", "oven/out/x", "oven/outfile", "oven/loop", ".", ""]


@pytest.mark.parametrize("path", OUTSIDE)
@pytest.mark.parametrize("kind", [FileText, FileMode, FileMove, FileRemoval])
def test_no_path_leads_out_of_the_bench(
	site: SampleSite, folder: Path, tmp_path: Path, kind: type, path: str
) -> None:
	(tmp_path / "x").write_bytes(b"mine")
	(tmp_path / "x").chmod(0o644)
	(folder / "out").symlink_to(tmp_path)
	(folder / "outfile").symlink_to(tmp_path / "x")
	(folder / "loop").symlink_to("loop")
	edits: dict[type, list[Edit]] = {
		FileText: [
			FileText(path, b"mine", b"theirs"),
			FileText(path, b"mine", ABSENT),
			FileText(path, ABSENT, b"x"),
		],
		FileMode: [FileMode(path, 0o644, 0o777)],
		FileMove: [FileMove("oven/a", path)] if "outfile" not in path and "loop" not in path else [],
		FileRemoval: [FileRemoval(path, 4, (tmp_path / "x").stat().st_mtime_ns)]
		if "outfile" not in path and "loop" not in path
		else [],
	}
	for edit in edits[kind]:
		outcome = make(site, edit)
		assert outcome.made is Made.FAILED
		assert "outside the bench" in outcome.detail
	assert ((tmp_path / "x").read_bytes(), (tmp_path / "x").stat().st_mode & 0o777) == (b"mine", 0o644)
	assert (folder / "a").exists()


def test_a_link_inside_the_bench_stays_one(site: SampleSite, folder: Path) -> None:
	(folder / "link").symlink_to("a")
	made_and_undone(site, FileText("oven/link", b"\xffold", b"new"))
	made_and_undone(site, FileMode("oven/link", 0o640, 0o600))
	assert (folder / "link").is_symlink()
	assert (folder / "a").read_bytes() == b"\xffold"
	made_and_undone(site, FileMove("oven/link", "oven/moved"))
	assert (folder / "link").readlink() == Path("a")


def test_a_folder_in_the_way_fails_one_batch_and_says_why(site: SampleSite, folder: Path) -> None:
	(folder / "b").mkdir()
	outcome = make(site, FileText("oven/c", ABSENT, b"x"), FileText("oven/b", ABSENT, b"x"))
	assert outcome.made is Made.FAILED
	assert "cannot be written" in outcome.detail
	assert not (folder / "c").exists(), "the first file of the batch is taken back"


def test_a_folder_is_moved_with_all_that_it_holds(site: SampleSite, folder: Path) -> None:
	before = content(folder)
	edit = FileMove("oven", "archived/oven")
	assert make(site, edit).made is Made.MADE
	assert content(site.bench.folder / "archived" / "oven") == before
	assert undo(site, edit).made is Made.MADE
	assert content(folder) == before
