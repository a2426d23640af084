"""A file is written whole, with the rights and the owner that it should have."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from recovery_console.core.making.atomic import replace_file

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


def owner(path: Path) -> tuple[int, int]:
	there = path.stat()
	return there.st_uid, there.st_gid


def test_a_new_file_from_root_belongs_to_the_folders_owner(tmp_path: Path) -> None:
	os.chown(tmp_path, 12345, 12346)
	replace_file(tmp_path / "site_config.json", b"{}")
	assert owner(tmp_path / "site_config.json") == (12345, 12346)


def test_a_file_that_is_there_keeps_its_owner(tmp_path: Path) -> None:
	path = tmp_path / "site_config.json"
	path.write_bytes(b"{}")
	os.chown(path, 23456, 23457)
	path.chmod(0o640)
	os.chown(tmp_path, 12345, 12346)
	replace_file(path, b"{1}")
	assert owner(path) == (23456, 23457)
	assert path.stat().st_mode & 0o777 == 0o640
