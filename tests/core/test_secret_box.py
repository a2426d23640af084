"""What a journal in the site must hold and nobody else may read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recovery_console.core.edits import ConfigEdit, RowEdit
from recovery_console.core.errors import ConsoleError
from recovery_console.core.secret_box import SecretBox


def planned(edit: ConfigEdit | RowEdit) -> dict[str, object]:
	return {"step": 0, "plan": {"batches": [{"edits": [edit.as_dict()]}]}}


def test_a_plan_with_a_secret_is_locked_and_read_again(tmp_path: Path) -> None:
	data = planned(ConfigEdit("site", "encryption_key", "old-key", "new-key"))
	text = SecretBox(tmp_path).pack(data)
	assert "old-key" not in text
	assert "new-key" not in text
	assert SecretBox(tmp_path).unpack(text) == data
	assert (tmp_path / "journal.key").stat().st_mode & 0o777 == 0o600


def test_what_holds_no_secret_stays_readable(tmp_path: Path) -> None:
	data = planned(RowEdit("tabEmail Queue", {"name": "x"}, {"status": "Sending"}, {"status": "Not Sent"}))
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
