"""What a journal in the site must hold and nobody else may read."""

from __future__ import annotations

import errno
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from recovery_console.core.edits import ConfigEdit, RowEdit
from recovery_console.core.errors import ConsoleError
from recovery_console.core.secret_box import SecretBox


def planned(edit: ConfigEdit | RowEdit) -> dict[str, object]:
	return {"step": 0, "plan": {"batches": [{"edits": [edit.as_dict()]}]}}


@pytest.mark.parametrize(
	"edit",
	[
		ConfigEdit("site", "encryption_key", "old-key", "new-key"),
		RowEdit("__Auth", {"name": "x"}, {"password": "old-key"}, {"password": "new-key"}),
	],
)
def test_a_plan_is_locked_and_read_again(tmp_path: Path, edit: ConfigEdit | RowEdit) -> None:
	data = planned(edit)
	text = SecretBox(tmp_path).pack(data)
	assert "old-key" not in text
	assert "new-key" not in text
	assert SecretBox(tmp_path).unpack(text) == data
	assert (tmp_path / "journal.key").stat().st_mode & 0o777 == 0o600


def test_what_holds_no_secret_stays_readable(tmp_path: Path) -> None:
	data = {"step": 0, "outcomes": {"0": ["made", ""]}}
	assert json.loads(SecretBox(tmp_path).pack(data)) == data
	assert not (tmp_path / "journal.key").exists()


@pytest.mark.parametrize("key", [None, b"", b"not a key", b"A" * 43 + b"="])
def test_without_its_key_it_says_so(tmp_path: Path, key: bytes | None) -> None:
	text = SecretBox(tmp_path).pack(planned(ConfigEdit("site", "db_password", "a", "b")))
	path = tmp_path / "journal.key"
	path.unlink()
	if key is not None:
		path.write_bytes(key)
	with pytest.raises(ConsoleError, match="locked with a key"):
		SecretBox(tmp_path).unpack(text)


def test_a_key_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
	def full(_descriptor: int) -> None:
		raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

	data = planned(ConfigEdit("site", "db_password", "a", "b"))
	with monkeypatch.context() as disk:
		disk.setattr(os, "fsync", full)
		with pytest.raises(ConsoleError, match=r"journal\.key cannot be written: No space"):
			SecretBox(tmp_path).pack(data)
	assert list(tmp_path.iterdir()) == [], "half a key would lock journals up for good"
	assert SecretBox(tmp_path).unpack(SecretBox(tmp_path).pack(data)) == data


def test_many_at_once_have_one_key(tmp_path: Path) -> None:
	data = planned(ConfigEdit("site", "db_password", "a", "b"))
	with ThreadPoolExecutor(8) as pool:
		texts = list(pool.map(lambda _number: SecretBox(tmp_path).pack(data), range(16)))
	assert all(SecretBox(tmp_path).unpack(text) == data for text in texts)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_key_that_root_makes_belongs_to_the_benchs_user(tmp_path: Path) -> None:
	os.chown(tmp_path, 12345, 12346)
	folder = tmp_path / "recovery_console"
	SecretBox(folder).pack(planned(ConfigEdit("site", "db_password", "a", "b")))
	for path in (folder, folder / "journal.key"):
		assert (path.stat().st_uid, path.stat().st_gid) == (12345, 12346)
