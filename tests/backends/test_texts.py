"""Many texts read in one row, and a driver that is not there."""

from __future__ import annotations

import sys

import pytest

from recovery_console.core import backends
from recovery_console.core.backends.sql import table
from recovery_console.core.registry import select_checks
from recovery_console.core.report import diagnose
from recovery_console.core.site import Site, open_site
from tests.support.sample import SampleSite

PATCHES = ["one", "two, with a comma", "three", "x" * 120]


def logged(site: Site) -> list[str]:
	t = table("Patch Log")
	query = site.db.from_(t).select(t.patch.as_("text")).where(t.patch.isin([*PATCHES, ""]))
	return sorted(site.db.texts(query))


def test_texts_are_read_whole_however_long_they_are(any_site: SampleSite) -> None:
	with open_site(any_site.bench.folder, any_site.name) as site:
		assert logged(site) == []
	for patch in [*PATCHES, ""]:
		any_site.insert("Patch Log", patch=patch)
	with open_site(any_site.bench.folder, any_site.name) as site:
		assert logged(site) == sorted(PATCHES)
		if site.db.dialect == "mariadb":
			whole = len("\n,".join(PATCHES)) + 1
			for limit in (64, whole - 1, whole):
				site.db.sql(f"SET SESSION group_concat_max_len = {limit}")
				assert logged(site) == sorted(PATCHES), limit


def test_a_text_that_looks_like_two_is_one(any_site: SampleSite) -> None:
	any_site.insert("Patch Log", patch="three\n,four")
	with open_site(any_site.bench.folder, any_site.name) as site:
		t = table("Patch Log")
		query = site.db.from_(t).select(t.patch.as_("text")).where(t.patch == "three\n,four")
		assert site.db.texts(query) == ["three\n,four"]


def test_without_its_driver_the_database_is_unknown_and_the_rest_is_looked_at(
	site: SampleSite, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.delattr(backends, "postgres", raising=False)
	monkeypatch.setitem(sys.modules, "recovery_console.core.backends.postgres", None)
	site.set_config(db_type="postgres")
	with open_site(site.bench.folder, site.name) as opened:
		report = diagnose(opened, select_checks(ids=["email.stuck_sending", "host.memory"]))
	by_id = {result.check.id: result for result in report.results}
	assert by_id["email.stuck_sending"].status == "unknown"
	assert "driver of postgres" in (by_id["email.stuck_sending"].reason or "")
	assert by_id["host.memory"].status != "unknown"
