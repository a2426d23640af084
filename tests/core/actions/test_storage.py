"""Repairs of files touch what they name, nothing outside the bench, and never make anything public."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from recovery_console.core.edits import FileMode, FileMove, FileRemoval, RowEdit
from recovery_console.core.errors import UsageError
from tests.core.actions._trying import acts_done, planned
from tests.faults.backups._files import replace
from tests.support.fill.logs import add_file
from tests.support.sample import SampleSite


def old(path: Path, site: SampleSite, days: float) -> None:
	when = (site.bench.now - timedelta(days=days)).timestamp()
	os.utime(path, (when, when))


def test_only_rotated_logs_that_are_old_are_deleted(site: SampleSite) -> None:
	logs = site.bench.folder / "logs"
	names = {
		"web.log.1": 40,
		"web.log.2.gz": 31,
		"worker.error.log-20260101": 90,
		"monitor.json.log.3": 35,
		"web.error.log.1": 10,
		"web.log": 90,
		"notes.txt": 400,
		"dump.sql.1": 400,
	}
	for name, days in names.items():
		(logs / name).write_text("x")
		old(logs / name, site, days)
	outside = site.bench.folder.parent / "outside.log.1"
	outside.write_text("x")
	(logs / "linked.log.1").symlink_to(outside)
	old(outside, site, 90)
	plan = planned(site, "storage.prune_logs")
	assert {edit.subject.name for edit in plan.edits} == {
		"logs/web.log.1",
		"logs/web.log.2.gz",
		"logs/worker.error.log-20260101",
		"logs/monitor.json.log.3",
	}
	assert all(isinstance(edit, FileRemoval) for edit in plan.edits)
	outside.unlink()
	with pytest.raises(UsageError):
		planned(site, "storage.prune_logs", names=["../../etc/passwd"])
	with pytest.raises(UsageError):
		planned(site, "storage.prune_logs", names=["web.log"])


def test_a_cut_log_goes_on_where_its_process_has_it_open(site: SampleSite) -> None:
	path = site.bench.folder / "logs" / "worker.log"
	path.write_bytes(b"line\n" * 1000)
	with path.open("ab") as process:
		plan, said = acts_done(site, "storage.cut_logs", names=["worker.log"])
		process.write(b"next\n")
	assert plan.count == 1
	assert path.read_bytes() == b"next\n"
	[packed] = path.parent.glob("worker.log.*.gz")
	assert packed.name in said[0]
	with pytest.raises(UsageError):
		planned(site, "storage.cut_logs", names=["../sites/common_site_config.json"])


def test_the_field_that_a_file_is_attached_by_moves_with_it(site: SampleSite) -> None:
	user = site.rows("User", {"name": ("!=", "Guest")}, ["name"])[0]["name"]
	(site.path / "public" / "files" / "face.png").write_text("png")
	for name in ("face1", "face2"):
		site.insert(
			"File",
			name=name,
			file_name="face.png",
			file_url="/files/face.png",
			is_private=1,
			attached_to_doctype="User",
			attached_to_name=user,
			attached_to_field="user_image" if name == "face1" else None,
		)
	site.update("User", user, user_image="/files/face.png")
	plan = planned(site, "storage.move_to_right_side")
	assert plan.count == 1, "two documents of one file are moved once"
	edits = list(plan.edits)
	assert isinstance(edits[0], FileMove)
	rows = [edit for edit in edits if isinstance(edit, RowEdit)]
	assert [(edit.table, edit.after) for edit in rows if edit.table == "tabUser"] == [
		("tabUser", {"user_image": "/private/files/face.png"})
	]
	assert {str(edit.key["name"]) for edit in rows if edit.table == "tabFile"} == {"face1", "face2"}


def test_a_file_that_others_use_as_a_public_one_stays(site: SampleSite) -> None:
	(site.path / "public" / "files" / "logo.png").write_text("png")
	site.insert("File", name="mine", file_name="logo.png", file_url="/files/logo.png", is_private=1)
	site.insert("File", name="theirs", file_name="logo.png", file_url="/files/logo.png", is_private=0)
	plan = planned(site, "storage.move_to_right_side")
	assert not plan.count
	assert [left.subject.name for left in plan.left_out] == ["mine"]
	url = add_file(site, "secret.pdf", "x", "ToDo", "t1")
	site.update("File", {"file_url": url}, name="hidden", is_private=0)
	[edit] = planned(site, "storage.move_to_right_side", names=["hidden"]).edits
	assert isinstance(edit, RowEdit)
	assert edit.after is not None
	assert edit.after["is_private"] == 1, "nothing is made public"


@pytest.mark.parametrize(
	("content", "most", "found", "why"),
	[
		(b"as it was", 4, 1, ""),
		(b"another", 4, 0, "another content"),
		(b"as it was" + b"x" * 2**20, 1, 0, "too large"),
		(None, 4, 0, "not in this backup"),
	],
)
def test_a_missing_file_comes_back_only_as_it_was(
	site: SampleSite, content: bytes | None, most: int, found: int, why: str
) -> None:
	url = add_file(site, "lost.pdf", "as it was", "ToDo", "t1")
	right = content if content and len(content) > 100 else b"as it was"
	site.update("File", {"file_url": url}, name="lost", content_hash=hashlib.md5(right).hexdigest())
	(site.path / "private" / "files" / "lost.pdf").unlink()
	buffer = io.BytesIO()
	with tarfile.open(fileobj=buffer, mode="w") as archive:
		for name, data in (("../../etc/lost.pdf", b"evil"), ("./s/private/files/lost.pdf", content)):
			if data is not None:
				entry = tarfile.TarInfo(name)
				entry.size = len(data)
				archive.addfile(entry, io.BytesIO(data))
	replace(site, 2, "private-files.tar", buffer.getvalue())
	plan = planned(site, "storage.restore_missing", largest_mib=most)
	assert plan.count == found
	assert why in "".join(left.why for left in plan.left_out)


def test_rights_are_opened_to_the_owner_alone(site: SampleSite) -> None:
	path = site.path / "private" / "files"
	path.chmod(0o500)
	[edit] = planned(site, "storage.open_rights").edits
	path.chmod(0o755)
	assert isinstance(edit, FileMode)
	assert (edit.before, edit.after) == (0o500, 0o700)


def test_set_aside_keeps_the_path(site: SampleSite) -> None:
	folder = site.path / "public" / "files" / "deep"
	folder.mkdir()
	(folder / "old.png").write_text("png")
	old(folder / "old.png", site, 3)
	[edit] = planned(site, "storage.move_orphan_files", urls="/files/deep/old.png").edits
	assert isinstance(edit, FileMove)
	assert edit.to.endswith("/public/files/deep/old.png")
	assert "/private/recovery_console/set_aside/" in edit.to


@pytest.mark.parametrize(
	("action", "given"),
	[
		("storage.move_orphan_files", {"urls": ["/files/../../../../etc/passwd"]}),
		("storage.move_to_right_side", {"names": ["<b>x</b>"]}),
		("storage.restore_missing", {"names": ["'; DROP TABLE tabFile; --"]}),
	],
)
def test_names_of_nothing_are_refused(site: SampleSite, action: str, given: dict[str, Any]) -> None:
	with pytest.raises(UsageError):
		planned(site, action, **given)
