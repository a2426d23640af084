"""Config edits: one key changes, and the file keeps its own form to the byte."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from recovery_console.core.action import Action
from recovery_console.core.edits import ABSENT, ConfigEdit
from recovery_console.core.making import Made, make_batch
from recovery_console.core.site import Site
from tests.core.making._batches import Bell, batch_of, made_and_undone, make, undo, writable
from tests.support.sample import SampleSite

FORMS: list[dict[str, Any]] = [
	{"indent": 1},
	{"indent": 1, "sort_keys": True},
	{"indent": 2},
	{"indent": 4, "ensure_ascii": False},
	{"indent": "\t"},
	{"indent": None},
	{"indent": None, "ensure_ascii": False},
]
ENDS = ["", "\n", "\n\n"]


def values(site: SampleSite) -> dict[str, Any]:
	return {"zeta": "ä", "oven": {"a": [1, None], "b": 1}, "alpha": 0, "name": "ö", **site.config()}


@pytest.fixture
def shared(site: SampleSite) -> Path:
	return site.bench.folder / "sites" / "common_site_config.json"


@pytest.mark.parametrize("end", ENDS, ids=repr)
@pytest.mark.parametrize("form", FORMS, ids=str)
def test_a_file_keeps_its_form_and_is_put_back_to_the_byte(
	site: SampleSite, form: dict[str, Any], end: str
) -> None:
	text = (json.dumps(values(site), **form) + end).encode()
	site.config_path.write_bytes(text)
	for edits in (
		[ConfigEdit("site", "oven", {"a": [1, None], "b": 1}, "cold")],
		[ConfigEdit("site", "beta", ABSENT, "é")],
		[ConfigEdit("site", "alpha", 0, False), ConfigEdit("site", "zeta", "ä", None)],
		placed(site, "zeta"),
		placed(site, "oven"),
		placed(site, "db_name"),
	):
		made = [*edits]
		assert make(site, *made).made is Made.MADE
		changed = site.config_path.read_bytes()
		assert changed.decode() == json.dumps(json.loads(changed), **form) + end
		assert undo(site, *made).made is Made.MADE
		assert site.config_path.read_bytes() == text


def placed(site: SampleSite, key: str) -> list[Any]:
	"""Return the edits of a plan that takes a key out."""
	found = values(site)
	with writable(site) as opened:
		plan = Action.planned(Bell(), opened, "x", [batch_of(ConfigEdit("site", key, found[key], ABSENT))])
	return list(plan.edits)


def test_a_key_is_set_once_and_taken_out_once(site: SampleSite, shared: Path) -> None:
	before = shared.read_bytes()
	made_and_undone(site, ConfigEdit("common", "oven", ABSENT, 1), ConfigEdit("site", "oven", ABSENT, 2))
	assert shared.read_bytes() == before


def test_views_made_from_then_on_see_what_was_written(site: SampleSite) -> None:
	with writable(site) as opened:
		make_batch(opened, Bell(), batch_of(ConfigEdit("site", "oven", ABSENT, 180)))
		assert Site(opened.shared).config.get("oven") == 180


def test_what_somebody_else_set_is_left_alone(site: SampleSite, shared: Path) -> None:
	site.set_config(oven=5)
	before = (site.config_path.read_bytes(), shared.read_bytes())
	for edit in (ConfigEdit("site", "oven", ABSENT, 1), ConfigEdit("site", "oven", 4, ABSENT)):
		assert make(site, ConfigEdit("common", "x", ABSENT, 1), edit).made is Made.MOVED
	assert (site.config_path.read_bytes(), shared.read_bytes()) == before


def test_nothing_is_not_the_same_as_null_or_false(site: SampleSite) -> None:
	site.config_path.write_text(json.dumps({**site.config(), "oven": None}, indent=1))
	assert make(site, ConfigEdit("site", "oven", ABSENT, 1)).made is Made.MOVED
	assert make(site, ConfigEdit("site", "oven", None, 1)).made is Made.MADE


def test_rights_owner_and_link_are_kept(site: SampleSite, tmp_path: Path) -> None:
	real = tmp_path / "real.json"
	real.write_bytes(site.config_path.read_bytes())
	real.chmod(0o640)
	if os.geteuid() == 0:
		os.chown(real, 12345, 12346)
	there = real.stat()
	site.config_path.unlink()
	site.config_path.symlink_to(real)
	assert make(site, ConfigEdit("site", "oven", ABSENT, 1)).made is Made.MADE
	now = real.stat()
	assert (now.st_mode, now.st_uid, now.st_gid) == (there.st_mode, there.st_uid, there.st_gid)
	assert site.config_path.is_symlink()
	assert json.loads(real.read_text())["oven"] == 1
	site.bench.restore()


@pytest.mark.parametrize("text", ["", "{", "[]", '\ufeff{"a": 1}'])
def test_a_file_that_cannot_be_read_is_not_written(site: SampleSite, shared: Path, text: str) -> None:
	shared.write_text(text)
	outcome = make(site, ConfigEdit("common", "oven", ABSENT, 1))
	assert outcome.made is Made.FAILED
	assert "restore-site-config" in outcome.detail
	assert shared.read_text() == text
	site.bench.restore()
